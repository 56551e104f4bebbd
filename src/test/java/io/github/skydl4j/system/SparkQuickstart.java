package io.github.skydl4j.system;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.spark.SkyTrainingMaster;
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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/**
 * The driver of a cluster's test: trains on the quickstart's sentences in three stages, then the same network with {@code fit}, and
 * prints the largest difference of a parameter. Arguments: number of epochs, folder of the sentences.
 */
public final class SparkQuickstart {
    private static final int LENGTH = 16;

    private SparkQuickstart() {}

    public static void main(String[] args) throws IOException {
        int epochs = Integer.parseInt(args[0]);
        List<MultiDataSet> batches = new ArrayList<>();
        ComputationGraph trained = network(batches, Path.of(args[1]));
        ComputationGraph expected = trained.clone();
        SparkConf configuration = new SparkConf()
                .setAppName("quickstart")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
        try (JavaSparkContext sc = new JavaSparkContext(configuration);
                SkyTrainingMaster master = new SkyTrainingMaster.Builder(3)
                        .planner("even")
                        .microBatches(1)
                        .snapshotEvery(5)
                        .profiling(Duration.ofMillis(100))
                        .joinLimit(Duration.ofMinutes(3))
                        .build()) {
            JavaRDD<MultiDataSet> data = sc.parallelize(batches, 3);
            SparkComputationGraph graph = new SparkComputationGraph(sc, trained, master);
            for (int epoch = 1; epoch <= epochs; epoch++) {
                graph.fitMultiDataSet(data);
                System.out.println("epoch " + epoch + " done in "
                        + master.report().stages().size() + " stages, step " + trained.getIterationCount());
            }
        }
        for (int epoch = 0; epoch < epochs; epoch++) {
            batches.forEach(expected::fit);
        }
        double difference = trained.params().sub(expected.params()).amaxNumber().doubleValue();
        System.out.println("largest difference " + difference);
    }

    private static ComputationGraph network(List<MultiDataSet> batches, Path folder) throws IOException {
        TextSet train = new TsvReader(TsvFormat.detected(), new Sample.All()).read(folder.resolve("train.tsv"));
        Words words = new Words(true);
        Vocabulary vocabulary = new VocabularyBuilder(words).add(train).build(2000, 1);
        BertBatches all =
                new BertBatches(train, new WordPieces(vocabulary, words), BatchOptions.shuffled(64, LENGTH, 7));
        while (all.hasNext() && batches.size() < 20) {
            batches.add(all.next());
        }
        BertConfig config = BertConfig.builder()
                .hiddenSize(64)
                .hiddenLayers(2)
                .attentionHeads(4)
                .intermediateSize(256)
                .maxPositions(LENGTH)
                .vocabularySize(vocabulary.size())
                .labels(train.labels().size())
                .dropout(0)
                .build();
        ComputationGraph network = new ComputationGraph(
                BertGraph.builder(config).seed(7).updater(new Adam(5e-4)).build());
        network.init();
        return network;
    }
}
