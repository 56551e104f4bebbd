package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmulatedStepTest {
    private static final Host AMPLE = Host.ideal(64);

    @Test
    void equalsTheSimulatorWhereNothingIsShared() {
        RandomRequests requests = new RandomRequests(77, 5, 9);
        int compared = 0;
        for (int i = 0; i < 200; i++) {
            PlanRequest request = withoutLatency(requests.next());
            try {
                Allocation plan = new ExactPlanner().plan(request);
                assertThat((double) EmulatedStep.nanos(AMPLE, request, plan))
                        .as("request %d", i)
                        .isCloseTo(plan.stepNanos(), within(1.0 + request.microBatches()));
                compared++;
            } catch (InfeasiblePlanException e) {
                // a fair share of the random requests has too little memory
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    @Test
    void aWorkerWithBothEndsDoesOneThingAtATime() {
        RandomRequests requests = new RandomRequests(78, 5, 9);
        int shared = 0;
        for (int i = 0; i < 200; i++) {
            PlanRequest request = withoutLatency(requests.nextOwned());
            try {
                Allocation plan = new ExactPlanner().plan(request);
                double step = EmulatedStep.nanos(AMPLE, request, plan);
                assertThat(step).as("request %d", i).isBetween(bound(request, plan), 1.5 * plan.stepNanos() + 10);
                shared += StepTimes.of(request, plan).endsShared() ? 1 : 0;
            } catch (InfeasiblePlanException e) {
                // a fair share of the random requests has too little memory
            }
        }
        assertThat(shared).isGreaterThan(10);
    }

    private static double bound(PlanRequest request, Allocation plan) {
        // The planner rounds each transfer up to whole nanoseconds.
        return StepBound.ofPlan(StepTimes.of(request, plan), plan.microBatches()) - 50.0;
    }

    @Test
    void twoFullSpeedWorkersOnOneCoreTakeTheSumOfTheirWork() {
        PlanRequest request = twoEqualUnits(4, 1);
        Allocation plan = new EvenPlanner().plan(request);
        assertThat(EmulatedStep.nanos(Host.ideal(1), request, plan)).isEqualTo(2 * 4 * 3000);
    }

    @Test
    void dilationThatFitsTheCoreHidesTheSharing() {
        PlanRequest request = twoEqualUnits(32, 4);
        Allocation plan = new EvenPlanner().plan(request);
        double alone = plan.stepNanos();
        assertThat(EmulatedStep.nanos(Host.ideal(1), request, plan) / alone).isBetween(1.0, 1.1);
    }

    @Test
    void aThreadThatIdledTakesLongerForEachPieceOfWork() {
        PlanRequest request = twoEqualUnits(1, 1);
        Allocation plan = new EvenPlanner().plan(request);
        assertThat(EmulatedStep.nanos(crowded(new Growth(1, 100)), request, plan))
                .isEqualTo(2 * (3000 + 2 * 100) + 100);
    }

    @Test
    void crowdingStretchesTheUnits() {
        assertThat(crowded(new Growth(1.25, 0)).played(List.of(unit().withUpdateNanos(400))))
                .containsExactly(new UnitProfile("unit", 1250, 2500, 0, 0, 0, 0).withUpdateNanos(500));
    }

    @Test
    void oneThreadGrowsAsOneThatIdlesDoesOnlyWhereItPlaysASlowerMachine() {
        Host host = new Host(2, new Growth(7, 0), new Growth(1, 10), new Growth(2, 0), 0, 0);
        UnitProfile unit = unit();
        PlanRequest alone = new PlanRequest(
                host.played(List.of(unit)),
                Cluster.instant(List.of(new WorkerProfile("w", 1, Long.MAX_VALUE))),
                1,
                ScheduleKind.GPIPE);
        PlanRequest slower = alone.withCluster(Cluster.instant(List.of(new WorkerProfile("w", 3, Long.MAX_VALUE))));
        Allocation plan = new EvenPlanner().plan(alone);
        assertThat(EmulatedStep.nanos(host, alone, plan)).isEqualTo(3000 + 3 * 10);
        assertThat(EmulatedStep.nanos(host, slower, plan)).isEqualTo(3 * 2 * 3000);
    }

    @Test
    void latencyDelaysAMessageButDoesNotOccupyTheLink() {
        PlanRequest request = twoEqualUnits(16, 1)
                .withCluster(Cluster.uniform(twoWorkers(1), new Link(Double.POSITIVE_INFINITY, 9000)));
        Allocation plan = new EvenPlanner().plan(request);
        long pass = 2 * 3000 + 2 * 9000;
        assertThat(EmulatedStep.nanos(AMPLE, request, plan)).isBetween(pass + 15L * 3000, plan.stepNanos() - 1);
    }

    @Test
    void handOversCountOnTheWayThereAndBackAndAStepHasItsOwnTime() {
        PlanRequest request = twoEqualUnits(1, 1);
        Allocation plan = new EvenPlanner().plan(request);
        assertThat(EmulatedStep.nanos(new Host(2, Growth.NONE, Growth.NONE, Growth.NONE, 50, 300), request, plan))
                .isEqualTo(2 * 3000 + 2 * 50 + 300);
    }

    @Test
    void endsWithTheLongestUpdate() {
        PlanRequest request = new PlanRequest(
                List.of(unit().withUpdateNanos(500), unit().withUpdateNanos(700)),
                Cluster.instant(twoWorkers(1)),
                1,
                ScheduleKind.GPIPE);
        Allocation plan = new EvenPlanner().plan(request);
        assertThat(EmulatedStep.nanos(AMPLE, request, plan)).isEqualTo(2 * 3000 + 700);
        assertThat(plan.stepNanos()).isEqualTo(2 * 3000 + 700);
    }

    private static Host crowded(Growth growth) {
        return new Host(2, growth, Growth.NONE, Growth.NONE, 0, 0);
    }

    private static PlanRequest twoEqualUnits(int microBatches, double slowness) {
        return new PlanRequest(
                Collections.nCopies(2, unit()),
                Cluster.instant(twoWorkers(slowness)),
                microBatches,
                ScheduleKind.ROUND_TRIP);
    }

    private static UnitProfile unit() {
        return new UnitProfile("unit", 1000, 2000, 0, 0, 0, 0);
    }

    private static List<WorkerProfile> twoWorkers(double slowness) {
        return IntStream.range(0, 2)
                .mapToObj(w -> new WorkerProfile("w" + w, slowness, Long.MAX_VALUE))
                .toList();
    }

    /** The simulator has latency occupy the link; without it both say the same. */
    private static PlanRequest withoutLatency(PlanRequest request) {
        return request.withCluster(Cluster.uniform(request.cluster().workers(), new Link(3e8, 0)));
    }
}
