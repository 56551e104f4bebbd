package io.github.skydl4j.samples;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.StepListener;
import io.github.skydl4j.Worker;
import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.text.BatchOptions;
import io.github.skydl4j.text.BertBatches;
import io.github.skydl4j.text.Sample;
import io.github.skydl4j.text.TextSet;
import io.github.skydl4j.text.TsvFormat;
import io.github.skydl4j.text.TsvReader;
import io.github.skydl4j.text.Vocabulary;
import io.github.skydl4j.text.VocabularyBuilder;
import io.github.skydl4j.text.WordPieces;
import io.github.skydl4j.text.Words;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What {@code ./sky train} does, by hand: reads sentences, builds a vocabulary and a small BERT, trains it on two workers
 * of which one is half as fast, tries it on held-out sentences and saves it.
 *
 * <p>Arguments, both optional: the folder with train.tsv and dev.tsv, and the number of epochs.
 */
public final class TrainBert {
    private static final int LENGTH = 16;
    private static final int BATCH = 32;

    private TrainBert() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : "config-templates/data/sentiment");
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 2;

        TextSet train = new TsvReader(TsvFormat.detected(), new Sample.All()).read(folder.resolve("train.tsv"));
        TextSet dev = new TsvReader(TsvFormat.detected().withLabels(train.labels()), new Sample.All())
                .read(folder.resolve("dev.tsv"));
        Words words = new Words(true);
        Vocabulary vocabulary = new VocabularyBuilder(words).add(train).build(8000, 1);
        WordPieces pieces = new WordPieces(vocabulary, words);

        ComputationGraph network = network(vocabulary.size(), train.labels().size());
        try (SkyTrainer trainer = SkyTrainer.builder(network)
                .workers(Worker.named("fast"), Worker.named("slow").withSlowdown(1))
                .stepListeners(new EveryFiftiethStep())
                .build()) {
            trainer.fit(new BertBatches(train, pieces, BatchOptions.shuffled(BATCH, LENGTH, 1)), epochs);
            double accuracy = trainer.evaluate(new BertBatches(dev, pieces, BatchOptions.inOrder(BATCH, LENGTH)))
                    .accuracy();
            System.out.printf(
                    "accuracy %.3f on %d held-out sentences%n",
                    accuracy, dev.examples().size());
        }
        File saved = File.createTempFile("bert", ".zip");
        ModelSerializer.writeModel(network, saved, true);
        System.out.println("the network is in " + saved);
    }

    private static ComputationGraph network(int vocabularySize, int labels) {
        BertConfig config = BertConfig.builder()
                .hiddenSize(64)
                .hiddenLayers(2)
                .attentionHeads(4)
                .intermediateSize(256)
                .maxPositions(LENGTH)
                .vocabularySize(vocabularySize)
                .labels(labels)
                .dropout(0)
                .build();
        ComputationGraph network = new ComputationGraph(
                BertGraph.builder(config).seed(1).updater(new Adam(5e-4)).build());
        network.init();
        return network;
    }

    private static final class EveryFiftiethStep implements StepListener {
        @Override
        public void stepDone(long step, int epoch, double score, int rows, long nanos) {
            if (step % 50 == 0) {
                System.out.printf("epoch %d, step %d: loss %.4f, %.0f ms%n", epoch + 1, step, score, nanos / 1e6);
            }
        }
    }
}
