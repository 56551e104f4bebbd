package io.github.skydl4j.system;

import io.github.skydl4j.spark.SkyTrainingMaster;
import io.github.skydl4j.tune.TuningResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * The driver of a cluster's test: trains on batches in files, and prints what of them this JVM has opened, what its heap holds
 * after garbage collection, and how a search on the executors measures them. Arguments: number of files, an empty folder.
 */
public final class SparkFiles {
    private static final int ROWS = 64;
    private static final int INPUTS = 1024;
    /** So that a boundary takes several records, whose way can be timed. */
    private static final int WIDTH = 1024;

    private SparkFiles() {}

    public static void main(String[] args) throws IOException {
        int files = Integer.parseInt(args[0]);
        Path few = Files.createDirectories(Path.of(args[1]).resolve("few"));
        Path many = Files.createDirectories(Path.of(args[1]).resolve("many"));
        write(few, files / 10);
        long bytes = write(many, files);
        System.out.printf("files of %d bytes%n", bytes / files);
        SparkConf configuration = new SparkConf()
                .setAppName("files")
                .set("spark.hadoop.fs.file.impl", CountingFiles.class.getName())
                .set("spark.hadoop.fs.file.impl.disable.cache", "true")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
        ComputationGraph network = network();
        try (JavaSparkContext sc = new JavaSparkContext(configuration);
                SkyTrainingMaster master = new SkyTrainingMaster.Builder(3)
                        .planner("even")
                        .microBatches(2)
                        .profiling(Duration.ofMillis(100))
                        .joinLimit(Duration.ofMinutes(3))
                        .build()) {
            SparkComputationGraph graph = new SparkComputationGraph(sc, network, master);
            for (Path folder : List.of(few, many)) {
                long opened = CountingFiles.opened();
                long steps = network.getIterationCount();
                graph.fit(folder.toUri().toString());
                System.out.printf(
                        "%s: %d steps, driver opened %d files, heap %d bytes%n",
                        folder.getFileName(),
                        network.getIterationCount() - steps,
                        CountingFiles.opened() - opened,
                        heapBytes());
            }
            List<DataSet> batches =
                    IntStream.range(0, 4).mapToObj(b -> batch(new Random(b))).toList();
            TuningResult found = master.tuner(graph, sc.parallelize(batches, 2))
                    .candidates(1)
                    .repeats(0)
                    .longestRun(Duration.ofSeconds(1))
                    .build()
                    .run();
            System.out.println("transfers took " + found.best().runs().get(0).transferNanos() + " ns");
        }
    }

    private static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 3; attempt++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static long write(Path folder, int files) throws IOException {
        Random random = new Random(files);
        long bytes = 0;
        for (int f = 0; f < files; f++) {
            Path file = folder.resolve(String.format("%05d.batch", f));
            batch(random).save(file.toFile());
            bytes += Files.size(file);
        }
        return bytes;
    }

    private static DataSet batch(Random random) {
        INDArray features = Nd4j.create(ROWS, INPUTS);
        INDArray labels = Nd4j.zeros(ROWS, 2);
        for (int row = 0; row < ROWS; row++) {
            float[] values = new float[INPUTS];
            for (int i = 0; i < INPUTS; i++) {
                values[i] = (float) random.nextGaussian();
            }
            features.putRow(row, Nd4j.createFromArray(values));
            labels.putScalar(row, values[0] > 0 ? 1 : 0, 1);
        }
        return new DataSet(features, labels);
    }

    private static ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(1e-3))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .addLayer("d0", new DenseLayer.Builder().nIn(INPUTS).nOut(WIDTH).build(), "in")
                .addLayer("d1", new DenseLayer.Builder().nIn(WIDTH).nOut(WIDTH).build(), "d0")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(WIDTH)
                                .nOut(2)
                                .build(),
                        "d1")
                .setOutputs("out")
                .build());
        network.init();
        return network;
    }
}
