package io.github.skydl4j.bench;

import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.spark.SkyTrainingMaster;
import io.github.skydl4j.spark.StagePlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * The time of an epoch of {@code SkyTrainingMaster} on four workers with slowdowns 0, 1, 3 and 5: planned for what they are
 * against evenly cut, on the same data, one after the other. Arguments, all optional: steps in an epoch, {@code DRIVER} or
 * {@code EXECUTORS}.
 */
final class UnequalExecutors {
    private static final int LENGTH = 16;
    private static final int BATCH = 64;
    private static final int WORDS = 2000;

    private UnequalExecutors() {}

    public static void main(String[] arguments) {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        StagePlace place = arguments.length > 1 ? StagePlace.valueOf(arguments[1]) : StagePlace.EXECUTORS;
        SparkConf configuration = new SparkConf()
                .setMaster("local[5]")
                .setAppName("unequal executors")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
        List<MultiDataSet> batches = batches(steps);
        try (JavaSparkContext sc = new JavaSparkContext(configuration)) {
            JavaRDD<MultiDataSet> data = sc.parallelize(batches, 4).cache();
            data.count();
            double even = epochSeconds(sc, data, steps, "even", place);
            double exact = epochSeconds(sc, data, steps, "exact", place);
            System.out.printf("exact / even: %.2f%n", exact / even);
        }
        // Spark's timer of barrier tasks is no daemon: it would keep a JVM that is driver and executor at once.
        System.exit(0);
    }

    private static double epochSeconds(
            JavaSparkContext sc, JavaRDD<MultiDataSet> data, int steps, String planner, StagePlace place) {
        try (SkyTrainingMaster master = new SkyTrainingMaster.Builder(4)
                .planner(planner)
                .microBatches(16)
                .slowdowns(0, 1, 3, 5)
                .dilation(4)
                .stagePlace(place)
                .profiling(Duration.ofMillis(500))
                .build()) {
            SparkComputationGraph graph = new SparkComputationGraph(sc, network(), master);
            graph.fitMultiDataSet(data);
            long start = System.nanoTime();
            graph.fitMultiDataSet(data);
            double seconds = (System.nanoTime() - start) / 1e9;
            TrainingReport report = master.report();
            System.out.printf(
                    "%s: epoch %.2f s, by its %d steps %.1f ms each, median step %.1f ms, bound of its plan %.1f ms,"
                            + " epoch / bound %.2f, step / bound %.2f%n",
                    planner,
                    seconds,
                    steps,
                    seconds * 1e3 / steps,
                    report.stepMillis(),
                    report.boundMillis(),
                    seconds * 1e3 / steps / report.boundMillis(),
                    report.stepMillis() / report.boundMillis());
            return seconds;
        }
    }

    private static List<MultiDataSet> batches(int number) {
        Random random = new Random(5);
        List<MultiDataSet> batches = new ArrayList<>();
        for (int b = 0; b < number; b++) {
            INDArray words = Nd4j.create(DataType.FLOAT, BATCH, LENGTH);
            for (long i = 0; i < words.length(); i++) {
                words.putScalar(i, random.nextInt(WORDS));
            }
            INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, 2);
            for (int e = 0; e < BATCH; e++) {
                labels.putScalar(e, random.nextInt(2), 1);
            }
            batches.add(new org.nd4j.linalg.dataset.MultiDataSet(inputs(words), new INDArray[] {labels}));
        }
        return batches;
    }

    /** Words, their positions' segments, and a mask of ones. */
    private static INDArray[] inputs(INDArray words) {
        return new INDArray[] {
            words, Nd4j.zeros(DataType.FLOAT, BATCH, LENGTH), Nd4j.ones(DataType.FLOAT, BATCH, LENGTH)
        };
    }

    private static ComputationGraph network() {
        BertConfig config = BertConfig.builder()
                .hiddenSize(128)
                .hiddenLayers(8)
                .attentionHeads(4)
                .intermediateSize(512)
                .maxPositions(LENGTH)
                .vocabularySize(WORDS)
                .labels(2)
                .dropout(0)
                .build();
        ComputationGraph network = new ComputationGraph(
                BertGraph.builder(config).seed(7).updater(new Adam(5e-4)).build());
        network.init();
        return network;
    }
}
