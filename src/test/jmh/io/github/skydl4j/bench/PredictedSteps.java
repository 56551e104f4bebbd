package io.github.skydl4j.bench;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Predicted against measured steps on emulated clusters that are run for real, each with a BERT of its own. Arguments:
 * first and end of the clusters' numbers, steps for each, and {@code smaller} for smaller models.
 */
final class PredictedSteps {
    private static final int VOCABULARY = 500;
    private static final int MOST_ATTEMPTS = 3;
    /** The share of the cores that others may use in a run that counts as quiet. */
    private static final double QUIET = 0.1;

    private PredictedSteps() {}

    public static void main(String[] arguments) {
        int first = Integer.parseInt(arguments[0]);
        int end = Integer.parseInt(arguments[1]);
        int steps = Integer.parseInt(arguments[2]);
        boolean smaller = arguments.length > 3 && arguments[3].equals("smaller");
        EmulatedCluster.Models models = smaller ? EmulatedCluster.Models.SMALLER : EmulatedCluster.Models.LARGER;
        List<Double> errors = new ArrayList<>();
        print(
                "| cluster | slowdowns | slowest link | hidden x blocks | examples x tokens | schedule, m | stages | dilation |"
                        + " bound ms | predicted ms | measured ms | error | others |");
        print("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int number = first; number < end; number++) {
            EmulatedCluster cluster =
                    EmulatedCluster.draw(number, Runtime.getRuntime().availableProcessors(), models);
            Run run = leastDisturbed(cluster, steps);
            double error = run.report().predictedStepMillis() / run.report().stepMillis() - 1;
            errors.add(Math.abs(error));
            print(row(cluster, run.report(), error, run.foreignShare()));
        }
        errors.sort(null);
        print(String.format(
                Locale.ROOT,
                "%d clusters: median error %.1f %%, 95th percentile %.1f %%, largest %.1f %%",
                errors.size(),
                100 * errors.get(errors.size() / 2),
                100 * errors.get((int) Math.ceil(0.95 * errors.size()) - 1),
                100 * errors.get(errors.size() - 1)));
    }

    /** A run and the share of the cores that others used meanwhile. */
    private record Run(TrainingReport report, double foreignShare) {}

    /** Repeats a run during which others have used the cores; whatever was measured, the least disturbed one counts. */
    private static Run leastDisturbed(EmulatedCluster cluster, int steps) {
        Run best = measured(cluster, steps);
        for (int attempt = 1; attempt < MOST_ATTEMPTS && best.foreignShare() > QUIET; attempt++) {
            Run next = measured(cluster, steps);
            best = next.foreignShare() < best.foreignShare() ? next : best;
        }
        return best;
    }

    private static Run measured(EmulatedCluster cluster, int steps) {
        ForeignLoad load = ForeignLoad.start();
        TrainingReport report = run(cluster, steps);
        return new Run(report, load.share());
    }

    private static TrainingReport run(EmulatedCluster cluster, int steps) {
        MultiDataSet batch = batch(cluster);
        try (SkyTrainer trainer = SkyTrainer.builder(network(cluster))
                .workers(cluster.workers())
                .schedule(cluster.schedule())
                .microBatches(cluster.microBatches())
                .dilation(cluster.dilation())
                .build()) {
            for (int step = 0; step < steps; step++) {
                trainer.fit(batch);
            }
            return trainer.report();
        }
    }

    static ComputationGraph network(EmulatedCluster cluster) {
        BertConfig config = BertConfig.builder()
                .hiddenSize(cluster.hidden())
                .attentionHeads(4)
                .intermediateSize(4 * cluster.hidden())
                .hiddenLayers(cluster.blocks())
                .vocabularySize(VOCABULARY)
                .maxPositions(64)
                .labels(2)
                .build();
        ComputationGraph network =
                new ComputationGraph(BertGraph.builder(config).build());
        network.init();
        return network;
    }

    static MultiDataSet batch(EmulatedCluster cluster) {
        Random random = new Random(cluster.number());
        int rows = cluster.examples() * cluster.microBatches();
        INDArray tokens = Nd4j.zeros(DataType.FLOAT, rows, cluster.time());
        for (long i = 0; i < tokens.length(); i++) {
            tokens.putScalar(i, 1 + random.nextInt(VOCABULARY - 1));
        }
        INDArray labels = Nd4j.zeros(DataType.FLOAT, rows, 2);
        for (int row = 0; row < rows; row++) {
            labels.putScalar(row, random.nextInt(2), 1);
        }
        return new MultiDataSet(
                new INDArray[] {tokens, Nd4j.zerosLike(tokens), Nd4j.onesLike(tokens)}, new INDArray[] {labels});
    }

    private static String row(EmulatedCluster cluster, TrainingReport report, double error, double foreign) {
        return String.format(
                Locale.ROOT,
                "| %d | %s | %s | %d x %d | %d x %d | %s, %d | %d | %.2f | %.1f | %.1f | %.1f | %+.1f %% | %.0f %% |",
                cluster.number(),
                cluster.text(),
                cluster.linkText(),
                cluster.hidden(),
                cluster.blocks(),
                cluster.examples(),
                cluster.time(),
                report.schedule(),
                cluster.microBatches(),
                report.stages().size(),
                cluster.dilation(),
                report.boundMillis(),
                report.predictedStepMillis(),
                report.stepMillis(),
                100 * error,
                100 * foreign);
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
