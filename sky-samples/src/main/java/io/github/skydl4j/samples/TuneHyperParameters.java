package io.github.skydl4j.samples;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.tune.CandidateTaskCreator;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.arbiter.ComputationGraphSpace;
import org.deeplearning4j.arbiter.conf.updater.AdamSpace;
import org.deeplearning4j.arbiter.layers.DenseLayerSpace;
import org.deeplearning4j.arbiter.layers.OutputLayerSpace;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.InMemoryResultSaver;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.distribution.LogUniformDistribution;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.BaseStatusListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Looks for a good learning rate, batch size and width with Arbiter: each candidate trains on all workers, one after the
 * other, through {@link AccuracyThroughSky}.
 *
 * <p>Arguments, both optional: {@code --ui} for Arbiter's page in DL4J's training UI, and the number of candidates.
 */
public final class TuneHyperParameters {
    private TuneHyperParameters() {}

    public static void main(String[] args) throws IOException {
        List<String> words = List.of(args);
        int candidates = words.stream()
                .filter(word -> !word.equals("--ui"))
                .findFirst()
                .map(Integer::parseInt)
                .orElse(12);
        Monitor monitor = Monitor.start();
        LocalOptimizationRunner runner = new LocalOptimizationRunner(
                1, search(new AccuracyThroughSky(monitor), candidates), new CandidateTaskCreator());
        runner.addListeners(new Printed());
        if (!words.contains("--ui")) {
            runner.execute();
            show(runner);
            return;
        }
        try (ArbiterPage page = ArbiterPage.open(monitor)) {
            runner.addListeners(page.listener());
            System.out.println("the search is shown at " + page.address());
            runner.execute();
            show(runner);
            System.out.println("Enter ends the page");
            System.in.read();
        }
    }

    private static OptimizationConfiguration search(AccuracyThroughSky score, int candidates) {
        return new OptimizationConfiguration.Builder()
                .candidateGenerator(new RandomSearchGenerator(
                        new BatchedGraphSpace(graphs(), new DiscreteParameterSpace<>(16, 32, 64, 128))))
                .scoreFunction(score)
                .modelSaver(new InMemoryResultSaver())
                .rngSeed(1)
                .terminationConditions(new MaxCandidatesCondition(candidates))
                .build();
    }

    private static ComputationGraphSpace graphs() {
        DiscreteParameterSpace<Integer> width = new DiscreteParameterSpace<>(16, 32, 64);
        return new ComputationGraphSpace.Builder()
                .seed(1)
                // Arbiter 1.0.0-beta7 takes 0.001 for what is left out here.
                .updater(new AdamSpace(
                        new ContinuousParameterSpace(new LogUniformDistribution(1e-4, 1e-1)),
                        new FixedValue<>(0.9),
                        new FixedValue<>(0.999),
                        new FixedValue<>(1e-8)))
                .activation(Activation.RELU)
                .addInputs("measures")
                .addLayer(
                        "wide",
                        new DenseLayerSpace.Builder()
                                .nIn(Flowers.MEASURES)
                                .nOut(width)
                                .build(),
                        "measures")
                .addLayer(
                        "deep",
                        new DenseLayerSpace.Builder().nIn(width).nOut(width).build(),
                        "wide")
                .addLayer(
                        "kind",
                        new OutputLayerSpace.Builder()
                                .lossFunction(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(width)
                                .nOut(Flowers.KINDS)
                                .build(),
                        "deep")
                .setOutputs("kind")
                .numEpochs(3)
                .build();
    }

    private static void show(LocalOptimizationRunner runner) throws IOException {
        OptimizationResult best =
                runner.getResults().get(runner.bestScoreCandidateIndex()).getResult();
        System.out.printf("best: %s, accuracy %.4f%n", best.getCandidate().getValue(), best.getScore());
    }

    private static final class Printed extends BaseStatusListener {
        @Override
        public void onCandidateStatusChange(CandidateInfo info, IOptimizationRunner runner, OptimizationResult result) {
            if (info.getCandidateStatus() == CandidateStatus.Complete) {
                System.out.printf("%s: accuracy %.4f%n", result.getCandidate().getValue(), info.getScore());
            } else if (info.getCandidateStatus() == CandidateStatus.Failed) {
                System.out.printf("%s failed: %s%n", result.getCandidate().getValue(), info.getExceptionStackTrace());
            }
        }
    }
}
