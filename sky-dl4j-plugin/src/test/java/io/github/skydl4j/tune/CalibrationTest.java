package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.Network;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final TrialPlan ALL_THREE =
            new TrialPlan(List.of(1, 0, 2), List.of(3, 9, 12), 8, ScheduleKind.ROUND_TRIP, List.of(3, 2, 1), false, 0);

    @Test
    void readsSpeedsOffTheStages() {
        PlanRequest believed = SmallSearch.request(12, 1, 2, 4);
        PlanRequest real = SmallSearch.request(12, 1.3, 2.6, 2.5);
        Calibration calibration = Calibration.of(believed, List.of(run(believed, real, ALL_THREE)));
        for (int w = 0; w < 3; w++) {
            assertThat(calibration.request().cluster().worker(w).slowness())
                    .isCloseTo(real.cluster().worker(w).slowness(), within(1e-6));
        }
        assertThat(calibration.workers()).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void leavesWorkersThatHaveNotRunAsBelieved() {
        PlanRequest believed = SmallSearch.request(12, 1, 2, 4);
        PlanRequest real = SmallSearch.request(12, 2, 1, 1);
        TrialPlan two =
                new TrialPlan(List.of(1, 0), List.of(5, 12), 8, ScheduleKind.ROUND_TRIP, List.of(2, 1), false, 0);
        Calibration calibration = Calibration.of(believed, List.of(run(believed, real, two)));
        assertThat(calibration.request().cluster().worker(2).slowness()).isEqualTo(4);
        assertThat(calibration.workers()).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void readsRecomputedStagesRight() {
        PlanRequest believed = SmallSearch.request(12, 1, 2, 4);
        PlanRequest real = SmallSearch.request(12, 1.2, 2.4, 4.8);
        TrialPlan again = new TrialPlan(
                ALL_THREE.workers(), ALL_THREE.ends(), 8, ScheduleKind.ROUND_TRIP, ALL_THREE.inFlight(), true, 0);
        Calibration calibration = Calibration.of(believed, List.of(run(believed, real, again)));
        assertThat(calibration.request().cluster().worker(0).slowness()).isCloseTo(1.2, within(1e-6));
    }

    @Test
    void findsTheShareOfTimeThatDoesNotShrinkWithTheMicroBatch() {
        PlanRequest believed = SmallSearch.request(12, 1, 2, 4);
        PlanRequest real = believed.withOptions(believed.options().withMicroBatchChoices(List.of(), 0.3));
        TrialPlan finer = new TrialPlan(
                ALL_THREE.workers(), ALL_THREE.ends(), 16, ScheduleKind.ROUND_TRIP, List.of(3, 2, 1), false, 0);
        Calibration calibration =
                Calibration.of(believed, List.of(run(believed, real, ALL_THREE), run(believed, real, finer)));
        assertThat(calibration.request().options().fixedShare()).isCloseTo(0.3, within(1e-3));
    }

    @Test
    void blamesTheLinkOfItsOwnThatExplainsAllTransfers() {
        PlanRequest believed = SmallSearch.request(12, 1, 1, 1);
        Link slow = new Link(2e8, 500_000);
        Cluster real = Cluster.upLinks(
                believed.cluster().workers(), List.of(slow, new Link(1e9, 100_000), new Link(1e9, 100_000)));
        TrialPlan chain = new TrialPlan(
                List.of(0, 1, 2), List.of(4, 8, 12), 8, ScheduleKind.ROUND_TRIP, List.of(3, 2, 1), false, 0);
        Calibration calibration = Calibration.of(believed, List.of(run(believed, believed.withCluster(real), chain)));
        Cluster measured = calibration.request().cluster();
        assertThat(measured.network()).isInstanceOf(Network.UpLinks.class);
        assertThat(measured.link(0, 1).nanos(100_000)).isCloseTo(slow.nanos(100_000), within(2L));
        assertThat(measured.link(1, 2)).isEqualTo(new Link(1e9, 100_000));
    }

    @Test
    void readsALinkOffTransfersOfHalfTheBytes() {
        PlanRequest believed = SmallSearch.request(12, 1, 1, 1);
        Link real = new Link(1e9, 100_000).slower(5);
        TrialPlan chain = new TrialPlan(
                        List.of(0, 1, 2), List.of(4, 8, 12), 8, ScheduleKind.ROUND_TRIP, List.of(3, 2, 1), false, 0)
                .withWire(WireChoice.BFLOAT16, believed.cluster());
        Cluster slow = Cluster.upLinks(believed.cluster().workers(), List.of(real, real, real));
        Calibration calibration = Calibration.of(believed, List.of(run(believed, believed.withCluster(slow), chain)));
        Link measured = calibration.request().cluster().link(0, 1);
        assertThat(measured.nanos(100_000)).isCloseTo(real.nanos(100_000), within(2L));
        assertThat(measured.wire()).isEqualTo(WireType.EXACT);
    }

    private static TrialResult run(PlanRequest believed, PlanRequest real, TrialPlan plan) {
        SimulatedWorkers workers = new SimulatedWorkers(new MismeasuredCluster(real, believed), 0, 1);
        return new TrialResult(plan, List.of(workers.run(plan, believed, Duration.ofSeconds(1))), 1);
    }
}
