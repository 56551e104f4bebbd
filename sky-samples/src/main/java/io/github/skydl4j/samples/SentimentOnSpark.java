package io.github.skydl4j.samples;

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
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** A pipeline of DL4J on Spark: a small BERT and the shipped sentences, trained by whatever master it is given. */
final class SentimentOnSpark {
    static final int BATCH = 32;
    private static final int LENGTH = 16;
    private static final int PARTITIONS = 4;

    private SentimentOnSpark() {}

    /** Trains; arguments, both optional: the folder with train.tsv and dev.tsv, and the number of epochs. */
    static void train(String[] args, TrainingMaster<?, ?> master) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : "config-templates/data/sentiment");
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 2;

        TextSet train = new TsvReader(TsvFormat.detected(), new Sample.All()).read(folder.resolve("train.tsv"));
        TextSet dev = new TsvReader(TsvFormat.detected().withLabels(train.labels()), new Sample.All())
                .read(folder.resolve("dev.tsv"));
        Words words = new Words(true);
        Vocabulary vocabulary = new VocabularyBuilder(words).add(train).build(8000, 1);
        WordPieces pieces = new WordPieces(vocabulary, words);
        BatchOptions shuffled = BatchOptions.shuffled(BATCH, LENGTH, 1);
        ComputationGraph network = network(vocabulary.size(), train.labels().size());

        try (JavaSparkContext sc = new JavaSparkContext(configuration())) {
            JavaRDD<MultiDataSet> data = sc.parallelize(list(new BertBatches(train, pieces, shuffled)), PARTITIONS);
            SparkComputationGraph graph = new SparkComputationGraph(sc, network, master);
            for (int epoch = 1; epoch <= epochs; epoch++) {
                graph.fitMultiDataSet(data);
                System.out.printf("epoch %d: loss %.4f%n", epoch, graph.getScore());
            }
            master.deleteTempFiles(sc);
            double accuracy = network.evaluate(new BertBatches(dev, pieces, BatchOptions.inOrder(BATCH, LENGTH)))
                    .accuracy();
            System.out.printf(
                    "accuracy %.3f on %d held-out sentences%n",
                    accuracy, dev.examples().size());
        }
    }

    /** What spark-submit says comes first. */
    private static SparkConf configuration() {
        return new SparkConf()
                .setAppName("sentiment")
                .setIfMissing("spark.master", "local[4]")
                .setIfMissing("spark.ui.enabled", "false")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
    }

    private static List<MultiDataSet> list(BertBatches batches) {
        List<MultiDataSet> list = new ArrayList<>();
        while (batches.hasNext()) {
            list.add(batches.next());
        }
        return list;
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
}
