package io.github.skydl4j.bench;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** A BERT without dropout, trained by SGD on sentences drawn at random, all of them full length. Immutable. */
record BertTask(BertConfig config, int time) {
    private static final int LABELS = 2;

    /** As in the comparison with Sky Computing: hidden 256, 4 heads, intermediate 1024, 64 tokens, 1000 words. */
    static BertTask small(int blocks) {
        return of(blocks, 256, 4, 64);
    }

    /** Heads of any number; the intermediate layer is four times as wide as the hidden one. */
    static BertTask of(int blocks, int hidden, int heads, int time) {
        return new BertTask(
                BertConfig.builder()
                        .hiddenLayers(blocks)
                        .hiddenSize(hidden)
                        .attentionHeads(heads)
                        .intermediateSize(4 * hidden)
                        .maxPositions(time)
                        .vocabularySize(1000)
                        .labels(LABELS)
                        .dropout(0)
                        .build(),
                time);
    }

    ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(
                BertGraph.builder(config).seed(1).updater(new Sgd(1e-3)).build());
        network.init();
        return network;
    }

    /** A batch of so many sentences, the same each time. */
    MultiDataSet batch(int sentences) {
        Random random = new Random(1);
        INDArray tokens = Nd4j.create(DataType.FLOAT, sentences, time);
        INDArray labels = Nd4j.create(DataType.FLOAT, sentences, LABELS);
        for (int sentence = 0; sentence < sentences; sentence++) {
            for (int position = 0; position < time; position++) {
                tokens.putScalar(sentence, position, 1 + random.nextInt(config.vocabularySize() - 1));
            }
            labels.putScalar(sentence, random.nextInt(LABELS), 1);
        }
        INDArray types = Nd4j.zeros(DataType.FLOAT, sentences, time);
        INDArray mask = Nd4j.ones(DataType.FLOAT, sentences, time);
        return new MultiDataSet(new INDArray[] {tokens, types, mask}, new INDArray[] {labels});
    }
}
