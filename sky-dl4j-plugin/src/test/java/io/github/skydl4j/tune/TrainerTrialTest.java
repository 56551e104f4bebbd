package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.testing.SmallGraphs;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Real runs, on workers that are threads. */
class TrainerTrialTest {
    private static final int MICRO_BATCHES = 4;
    private static final Duration LIMIT = Duration.ofMillis(100);
    private static final List<Worker> WORKERS =
            List.of(Worker.named("quick"), Worker.named("slow").withSlowdown(2));

    private final ComputationGraph network = SmallGraphs.chain(4);

    @Test
    void tellsWhatAStepAndItsStagesTake() {
        TrainerTrial trial = trial();
        PlanRequest request = trial.request(ScheduleKind.ROUND_TRIP);
        int units = request.units().size();
        for (int microBatches : new int[] {2, 4, 8}) {
            TrialPlan plan = new TrialPlan(
                    List.of(1, 0), List.of(2, units), microBatches, ScheduleKind.ONE_F_ONE_B, List.of(2, 1), false, 0);
            Measurement run = trial.run(plan, request, LIMIT);
            assertThat(run.forwardNanos())
                    .hasSize(2)
                    .allSatisfy(nanos -> assertThat(nanos).isPositive());
            assertThat(run.transferNanos()).hasSize(1);
            assertThat(run.stepNanos()).isGreaterThan(run.computeNanos(1));
        }
    }

    @Test
    void runsCandidatesWithTheirWireType() {
        List<Worker> workers =
                List.of(Worker.named("a").withLink(new Link(1e6, 0, WireType.BFLOAT16)), Worker.named("b"));
        TrainerTrial trial = TrainerTrial.of(network, workers, 1, MICRO_BATCHES, data(), Duration.ofMillis(1));
        PlanRequest request = trial.request(ScheduleKind.GPIPE);
        TrialPlan given = new TrialPlan(
                List.of(0, 1),
                List.of(2, request.units().size()),
                MICRO_BATCHES,
                ScheduleKind.GPIPE,
                List.of(4, 4),
                false,
                0);
        TrialPlan exact = given.withWire(WireChoice.EXACT, request.cluster());
        long narrowNanos = trial.run(given, request, LIMIT).transferNanos().get(0);
        long exactNanos = trial.run(exact, request, LIMIT).transferNanos().get(0);
        // 4 examples of 8 numbers in float64: 256 bytes, or 64 in 16 bits, at 1 MB/s.
        assertThat(narrowNanos).isEqualTo(64_000);
        assertThat(exactNanos).isEqualTo(256_000);
    }

    @Test
    void leavesTheNetworkAsItWas() {
        INDArray before = network.params().dup();
        TrainerTrial trial = trial();
        PlanRequest request = trial.request(ScheduleKind.ROUND_TRIP);
        TrialPlan plan =
                new TrialPlan(List.of(0), List.of(request.units().size()), 4, ScheduleKind.GPIPE, List.of(4), false, 0);
        trial.run(plan, request, LIMIT);
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void theTunedPlanTrainsAsItRan() {
        TrainerTrial trial = trial();
        TuningResult result = SkyTuner.builder(trial.request(ScheduleKind.ROUND_TRIP), trial)
                .candidates(4)
                .simulated(20)
                .longestRun(LIMIT)
                .build()
                .run();
        try (SkyTrainer trainer = SkyTrainer.builder(network)
                .workers(WORKERS)
                .tuned(result.tuned())
                .profiling(Duration.ofMillis(1))
                .build()) {
            trainer.fit(data());
            assertThat(trainer.allocation().orElseThrow().stages())
                    .isEqualTo(result.best().plan().stages());
            TrainingReport report = trainer.report();
            assertThat(report.planner()).isEqualTo("fixed");
            assertThat(report.schedule())
                    .isEqualTo(result.best().plan().schedule().label());
        }
    }

    private TrainerTrial trial() {
        return TrainerTrial.of(network, WORKERS, 1, MICRO_BATCHES, data(), Duration.ofMillis(1));
    }

    private static MultiDataSetIterator data() {
        return new MultiDataSetIteratorAdapter(SmallGraphs.data(48, 16, 1));
    }
}
