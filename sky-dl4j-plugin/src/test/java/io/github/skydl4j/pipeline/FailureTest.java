package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import io.github.skydl4j.testing.FailingVertex;
import io.github.skydl4j.testing.SmallGraphs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A stage that fails stops the run with its name; nothing hangs and no parameter has changed. */
@Timeout(60)
class FailureTest {
    private static final int MICRO_BATCHES = 4;

    @AfterEach
    void heal() {
        FailingVertex.heal();
    }

    @Test
    void namesStageWorkerMicroBatchAndCauseOfAFailedForward() {
        FailingVertex.FORWARDS_LEFT.set(2);
        StageFailedException failure = failedStep();
        assertThat(failure)
                .hasMessage("stage 2 on worker w2 failed in F2: java.lang.ArithmeticException:"
                        + " planted failure in forward");
        assertThat(failure.stage()).isEqualTo(2);
        assertThat(failure).hasCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    void namesTheBackwardThatFailed() {
        FailingVertex.BACKWARDS_LEFT.set(1);
        assertThat(failedStep()).hasMessageContaining("stage 2 on worker w2 failed in B1");
    }

    @Test
    void refusesToGoOnAfterAFailure() {
        ComputationGraph network = SmallGraphs.chain(3, new FailingVertex());
        FailingVertex.FORWARDS_LEFT.set(0);
        try (Pipeline pipeline = pipeline(network, Duration.ofSeconds(20))) {
            assertThatThrownBy(() -> step(pipeline, network)).isInstanceOf(StageFailedException.class);
            assertThatThrownBy(() -> step(pipeline, network)).hasMessageContaining("has failed before");
        }
    }

    @Test
    void givesUpOnAStageThatHangsAndSaysWhatItWaitedFor() {
        ComputationGraph network = SmallGraphs.chain(3, new FailingVertex());
        FailingVertex.gate = new CountDownLatch(1);
        try (Pipeline pipeline = pipeline(network, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> step(pipeline, network))
                    .isInstanceOfAny(StageFailedException.class, StalledException.class)
                    .hasMessageContaining("waited 0 s for");
            FailingVertex.heal();
        }
    }

    private static StageFailedException failedStep() {
        ComputationGraph network = SmallGraphs.chain(3, new FailingVertex());
        INDArray before = network.params().dup();
        try (Pipeline pipeline = pipeline(network, Duration.ofSeconds(20))) {
            StageFailedException failure =
                    catchThrowableOfType(StageFailedException.class, () -> step(pipeline, network));
            assertThat(network.params()).isEqualTo(before);
            return failure;
        }
    }

    private static void step(Pipeline pipeline, ComputationGraph network) {
        List<MicroBatch> batch = new BatchCutter(network.getConfiguration())
                .cut(SmallGraphs.data(16, 16, 1).next().toMultiDataSet(), MICRO_BATCHES);
        List<Long> times = Collections.nCopies(pipeline.stages().size(), 1L);
        Schedule schedule = ScheduleKind.ONE_F_ONE_B.build(
                new StageTimes(times, times, Collections.nCopies(times.size() - 1, 0L)), MICRO_BATCHES);
        pipeline.train(batch, schedule, 0, 0, () -> {});
    }

    /** d0 | d1 d2 | last out. */
    private static Pipeline pipeline(ComputationGraph network, Duration stallLimit) {
        GraphSplitter splitter = new GraphSplitter(network);
        int[] cuts = {0, 1, 3, 5};
        List<StageHost> hosts = new ArrayList<>();
        for (int s = 0; s < 3; s++) {
            hosts.add(new StageHost(
                    splitter.stage(cuts[s], cuts[s + 1], Storage.SHARED), "w" + s, Emulation.NONE, Link.INSTANT));
        }
        return new Pipeline(hosts, MICRO_BATCHES, stallLimit);
    }
}
