package io.github.skydl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.graph.UnsupportedGraphException;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.PlanValidator;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Prediction;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.testing.SmallGraphs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class SkyTrainerTest {
    private static final Duration BRIEF = Duration.ofMillis(1);

    @Test
    void trainsLikeFitOverEpochsWithAnUnevenLastBatch() {
        ComputationGraph whole = SmallGraphs.chain(4);
        ComputationGraph piped = whole.clone();
        whole.fit(SmallGraphs.data(50, 16, 1), 3);
        try (SkyTrainer trainer = trainer(piped, 3, 1)) {
            trainer.fit(SmallGraphs.data(50, 16, 1), 3);
        }
        assertThat(piped.params()).isEqualTo(whole.params());
        assertThat(piped.getUpdater().getStateViewArray())
                .isEqualTo(whole.getUpdater().getStateViewArray());
        assertThat(piped.getIterationCount()).isEqualTo(whole.getIterationCount());
        assertThat(piped.getEpochCount()).isEqualTo(whole.getEpochCount());
        assertThat(piped.score()).isCloseTo(whole.score(), within(1e-12));
    }

    @Test
    void trainsLikeFitWhereOneWorkerHasTheFirstAndTheLastStage() {
        ComputationGraph whole = SmallGraphs.chain(4);
        ComputationGraph piped = whole.clone();
        whole.fit(SmallGraphs.data(48, 16, 1), 2);
        try (SkyTrainer trainer = SkyTrainer.builder(piped)
                .workers(Worker.named("owner"), Worker.named("other"))
                .owner("owner")
                .planner(new EndsPlanner())
                .microBatches(1)
                .profiling(BRIEF)
                .build()) {
            trainer.fit(SmallGraphs.data(48, 16, 1), 2);
            assertThat(trainer.report().stages().stream().map(TrainingReport.Stage::worker))
                    .containsExactly("owner", "other", "owner");
        }
        assertThat(piped.params()).isEqualTo(whole.params());
    }

    @Test
    void refusesAnOwnerThatIsNoWorker() {
        assertThatThrownBy(() -> SkyTrainer.builder(SmallGraphs.chain(2))
                        .workers(Worker.named("a"), Worker.named("b"))
                        .owner("c")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("owner is c, which is no worker: the workers are a, b");
    }

    /** A unit at each end for the owner, the rest for worker 1. */
    private static final class EndsPlanner implements Planner {
        @Override
        public String name() {
            return "ends";
        }

        @Override
        public Allocation plan(PlanRequest request) {
            int units = request.units().size();
            int owner = request.options().owner().orElseThrow();
            List<StagePlan> stages = List.of(
                    new StagePlan(owner, 0, 1), new StagePlan(1, 1, units - 1), new StagePlan(owner, units - 1, units));
            assertThat(PlanValidator.validate(request, stages)).isEmpty();
            return new Allocation(
                    name(), stages, request.microBatches(), List.of(3, 2, 1), new Prediction(1, 1, 1, 1), List.of());
        }
    }

    @Test
    void callsListenersWithTheIterationsEpochsAndScoresOfFit() {
        ComputationGraph whole = SmallGraphs.chain(3);
        ComputationGraph piped = SmallGraphs.chain(3); // a clone would share the list of listeners
        Recorder ofWhole = new Recorder();
        Recorder ofNetwork = new Recorder();
        Recorder ofTrainer = new Recorder();
        whole.setListeners(ofWhole);
        piped.setListeners(ofNetwork);
        whole.fit(SmallGraphs.data(40, 16, 1), 2);
        try (SkyTrainer trainer = SkyTrainer.builder(piped)
                .workers(workers(2))
                .microBatches(4)
                .profiling(BRIEF)
                .listeners(ofTrainer)
                .build()) {
            trainer.fit(SmallGraphs.data(40, 16, 1), 2);
        }
        assertThat(ofNetwork.events).isEqualTo(ofWhole.events).isEqualTo(ofTrainer.events);
        for (int i = 0; i < ofWhole.scores.size(); i++) {
            assertThat(ofNetwork.scores.get(i)).isCloseTo(ofWhole.scores.get(i), within(1e-10));
        }
    }

    @Test
    void continuesASavedTrainingAsIfItHadNotStopped(@TempDir Path folder) throws IOException {
        ComputationGraph unbroken = SmallGraphs.chain(4);
        ComputationGraph first = unbroken.clone();
        unbroken.fit(SmallGraphs.data(48, 16, 1), 4);
        try (SkyTrainer trainer = trainer(first, 3, 1)) {
            trainer.fit(SmallGraphs.data(48, 16, 1), 2);
        }
        File file = folder.resolve("net.zip").toFile();
        ModelSerializer.writeModel(first, file, true);
        ComputationGraph second = ModelSerializer.restoreComputationGraph(file, true);
        try (SkyTrainer trainer = trainer(second, 2, 1)) {
            trainer.fit(SmallGraphs.data(48, 16, 1), 2);
        }
        assertThat(second.params()).isEqualTo(unbroken.params());
    }

    @Test
    void seesTheUpdaterStateOfEveryStepInAListenerThatSaves() {
        ComputationGraph whole = SmallGraphs.chain(3);
        ComputationGraph piped = whole.clone();
        List<INDArray> states = new ArrayList<>();
        piped.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                states.add(((ComputationGraph) model)
                        .getUpdater()
                        .getStateViewArray()
                        .dup());
            }
        });
        try (SkyTrainer trainer = trainer(piped, 2, 1)) {
            trainer.fit(SmallGraphs.data(32, 16, 1));
        }
        var data = SmallGraphs.data(32, 16, 1);
        for (INDArray state : states) {
            whole.fit(data.next());
            assertThat(state).isEqualTo(whole.getUpdater().getStateViewArray());
        }
        assertThat(states).hasSize(2);
    }

    @Test
    void takesLargerBatchesThanTheFirst() {
        ComputationGraph whole = SmallGraphs.chain(4);
        ComputationGraph piped = whole.clone();
        try (SkyTrainer trainer = trainer(piped, 3, 8)) {
            for (int rows : new int[] {3, 16, 5}) {
                DataSet batch = SmallGraphs.data(rows, rows, rows).next();
                whole.fit(batch);
                trainer.fit(batch);
            }
        }
        assertThat(piped.params().equalsWithEps(whole.params(), 1e-10)).isTrue();
    }

    @Test
    void evaluatesAndPredictsLikeTheNetwork() {
        ComputationGraph network = SmallGraphs.chain(4);
        try (SkyTrainer trainer = trainer(network, 3, 4)) {
            trainer.fit(SmallGraphs.data(300, 30, 1), 10);
            Evaluation piped = trainer.evaluate(SmallGraphs.data(100, 32, 2));
            Evaluation whole = network.evaluate(SmallGraphs.data(100, 32, 2));
            assertThat(piped.getConfusionMatrix()).isEqualTo(whole.getConfusionMatrix());
            assertThat(piped.accuracy()).isGreaterThan(0.6);
            DataSet batch = SmallGraphs.data(10, 10, 3).next();
            assertThat(trainer.output(batch.getFeatures())[0].equalsWithEps(
                            network.output(batch.getFeatures())[0], 1e-12))
                    .isTrue();
        }
    }

    @Test
    void reportsStagesThatCoverAllUnitsAndTheStepsItMeasured() {
        ComputationGraph network = SmallGraphs.chain(6);
        try (SkyTrainer trainer = trainer(network, 3, 4)) {
            assertThatThrownBy(trainer::report).hasMessageContaining("before the first step");
            trainer.fit(SmallGraphs.data(256, 16, 1), 2);
            TrainingReport report = trainer.report();
            int next = 0;
            for (TrainingReport.Stage stage : report.stages()) {
                assertThat(stage.firstUnit()).isEqualTo(next);
                assertThat(stage.busy()).isBetween(0.0, 1.0);
                next = stage.endUnit();
            }
            assertThat(next).isEqualTo(7);
            assertThat(report.epochs()).hasSize(2);
            assertThat(report.steps()).isEqualTo(32);
            assertThat(report.microBatches()).isEqualTo(4);
            assertThat(report.stepMillis()).isPositive();
            assertThat(report.stages()).extracting(TrainingReport.Stage::busy).allMatch(busy -> busy > 0);
            assertThat(report.samplesPerSecond()).isCloseTo(16 / report.stepMillis() * 1000, within(1e-6));
            assertThat(report.boundMillis()).isPositive().isLessThan(report.stepMillis());
            assertThat(report.predictedStepMillis()).isPositive();
        }
    }

    @Test
    void reportsAStepTimeAfterASingleStep() {
        try (SkyTrainer trainer = trainer(SmallGraphs.chain(3), 2, 2)) {
            trainer.fit(SmallGraphs.data(8, 8, 1));
            assertThat(trainer.report().stepMillis()).isPositive();
        }
    }

    @Test
    void tellsTheStepListenerPlanAndSteps() {
        List<String> heard = new ArrayList<>();
        StepListener listener = new StepListener() {
            @Override
            public void planned(io.github.skydl4j.plan.Allocation allocation) {
                heard.add("planned");
            }

            @Override
            public void stepDone(long step, int epoch, double score, int rows, long nanos) {
                heard.add(step + " of epoch " + epoch + " with " + rows);
            }
        };
        try (SkyTrainer trainer = SkyTrainer.builder(SmallGraphs.chain(2))
                .workers(workers(2))
                .profiling(BRIEF)
                .stepListeners(listener)
                .build()) {
            trainer.fit(SmallGraphs.data(20, 16, 1));
        }
        assertThat(heard).containsExactly("planned", "1 of epoch 0 with 16", "2 of epoch 0 with 4");
    }

    @Test
    void refusesNetworksWithoutALossAndValuesOutOfRange() {
        ComputationGraph noLoss = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("d", new DenseLayer.Builder().nIn(2).nOut(2).build(), "in")
                .setOutputs("d")
                .build());
        assertThatThrownBy(() -> SkyTrainer.builder(noLoss))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("init()");
        noLoss.init();
        assertThatThrownBy(() -> SkyTrainer.builder(noLoss))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("\"d\"");
        SkyTrainer.Builder builder = SkyTrainer.builder(SmallGraphs.chain(2));
        assertThatThrownBy(() -> builder.microBatches(0).build()).hasMessageContaining("microBatches is 0");
        assertThatThrownBy(() -> builder.microBatches(1)
                        .workers(Worker.named("a"), Worker.named("a"))
                        .build())
                .hasMessageContaining("two workers are named a");
        assertThatThrownBy(() -> Worker.named("a").withSlowdown(-1)).hasMessageContaining("slowdown is -1");
    }

    private static SkyTrainer trainer(ComputationGraph network, int workers, int microBatches) {
        return SkyTrainer.builder(network)
                .workers(workers(workers))
                .microBatches(microBatches)
                .profiling(BRIEF)
                .build();
    }

    private static List<Worker> workers(int number) {
        List<Worker> workers = new ArrayList<>();
        for (int w = 0; w < number; w++) {
            workers.add(Worker.named("w" + w));
        }
        return workers;
    }

    private static final class Recorder extends BaseTrainingListener {
        private final List<String> events = new ArrayList<>();
        private final List<Double> scores = new ArrayList<>();

        @Override
        public void onEpochStart(Model model) {
            events.add("start of epoch " + ((ComputationGraph) model).getEpochCount());
        }

        @Override
        public void onEpochEnd(Model model) {
            events.add("end of epoch " + ((ComputationGraph) model).getEpochCount());
        }

        @Override
        public void onGradientCalculation(Model model) {
            events.add("gradient of " + model.gradient().gradientForVariable().keySet());
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            events.add("iteration " + iteration + " of epoch " + epoch);
            scores.add(model.score());
        }
    }
}
