package io.github.skydl4j.testing;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.bert.BertHead;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Small masked language models and seeded sentences for them. */
public final class MaskedSentences {
    public static final int ROWS = 8;
    public static final int TIME = 6;
    private static final int MOST_ASKED = 3;

    private MaskedSentences() {}

    public static BertConfig config(double dropout) {
        return BertConfig.builder()
                .vocabularySize(37)
                .hiddenSize(10)
                .attentionHeads(2)
                .intermediateSize(14)
                .hiddenLayers(1)
                .maxPositions(8)
                .initializerRange(0.3)
                .dropout(dropout)
                .build();
    }

    public static ComputationGraph model(double dropout, DataType type, IUpdater updater) {
        ComputationGraph graph = new ComputationGraph(BertGraph.builder(config(dropout))
                .head(BertHead.MASKED_WORDS)
                .updater(updater)
                .seed(5)
                .dataType(type)
                .build());
        graph.init();
        return graph;
    }

    /** Sentences of random words; each asks for none to three of them, with weights examples / asked words. */
    public static MultiDataSet batch(DataType type, long seed) {
        Random random = new Random(seed);
        INDArray tokens = Nd4j.zeros(type, ROWS, TIME);
        INDArray mask = Nd4j.zeros(type, ROWS, TIME);
        INDArray words = Nd4j.zeros(type, ROWS, TIME);
        INDArray asked = Nd4j.zeros(type, ROWS, TIME);
        for (int row = 0; row < ROWS; row++) {
            int length = MOST_ASKED + random.nextInt(TIME - MOST_ASKED + 1);
            for (int position = 0; position < length; position++) {
                tokens.putScalar(row, position, 1 + random.nextInt(36));
                words.putScalar(row, position, random.nextInt(37));
                mask.putScalar(row, position, 1);
            }
            for (int i = random.nextInt(MOST_ASKED + 1); i > 0; i--) {
                asked.putScalar(row, random.nextInt(length), 1);
            }
        }
        asked.muli(ROWS / asked.sumNumber().doubleValue());
        return new MultiDataSet(
                new INDArray[] {tokens, Nd4j.zeros(type, ROWS, TIME), mask},
                new INDArray[] {words},
                null,
                new INDArray[] {asked});
    }
}
