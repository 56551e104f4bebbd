package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepBoundTest {

    @Test
    void noSimulatedPlanBeatsItsOwnBoundOrTheBoundOfAllPlans() {
        RandomRequests requests = new RandomRequests(3, 4, 6);
        for (int i = 0; i < 300; i++) {
            PlanRequest request = requests.next();
            long bound = StepBound.anyPlan(request);
            AllPlans.visit(request, stages -> {
                StageTimes times = StepTimes.of(request, stages);
                long step = Simulator.simulate(request.schedule().build(times, request.microBatches()), times)
                        .stepNanos();
                assertThat(StepBound.ofPlan(times, request.microBatches())).isLessThanOrEqualTo(step);
                assertThat(bound).isLessThanOrEqualTo(step);
            });
        }
    }

    @Test
    void noSimulatedPlanBeatsItsBoundWithinMemoryWhichIsHigherWhereThatBinds() {
        RandomRequests requests = new RandomRequests(4, 4, 6);
        int[] counts = new int[2];
        for (int i = 0; i < 300; i++) {
            PlanRequest request = requests.next();
            CostModel costs = new CostModel(request);
            AllPlans.visit(request, stages -> {
                if (Ends.fit(costs, stages) && request.schedule() != ScheduleKind.GPIPE) {
                    StageTimes times = StepTimes.of(costs, stages);
                    List<Integer> limits = WarmUp.limits(costs, stages, times, request.microBatches());
                    double bound = StepBound.withinLimits(times, request.microBatches(), limits);
                    assertThat(bound + times.longestUpdate())
                            .isLessThanOrEqualTo(Simulator.simulate(
                                            request.schedule().build(times, request.microBatches(), limits), times)
                                    .stepNanos());
                    counts[0]++;
                    counts[1] +=
                            bound + times.longestUpdate() > StepBound.ofPlan(times, request.microBatches()) ? 1 : 0;
                }
            });
        }
        assertThat(counts[1]).as("of %d plans", counts[0]).isGreaterThan(20);
    }

    @Test
    void fillingCountsThatLaterStagesWaitForTheirFirstMicroBatch() {
        List<UnitProfile> units = List.of(unit(50), unit(50));
        List<WorkerProfile> workers =
                List.of(new WorkerProfile("a", 1, Long.MAX_VALUE), new WorkerProfile("b", 1, Long.MAX_VALUE));
        PlanRequest request = new PlanRequest(units, Cluster.instant(workers), 4, ScheduleKind.ROUND_TRIP);
        // m W / sum 1/s is 200; the second stage starts 50 later, and some of that can be balanced away.
        assertThat(StepBound.anyPlan(request)).isBetween(220L, 250L);
    }

    @Test
    void stageBehindALongerOneIdlesUntilItsFirstGradientAndAfterItsLastForward() {
        StageTimes times =
                new StageTimes(List.of(30L, 28L, 26L, 20L), List.of(60L, 56L, 52L, 40L), List.of(0L, 0L, 0L));
        // Stage 2: 174 before it, 8 x 78 of work, and in the 60 of the stage behind it, each way, forwards come every
        // 30
        // and take 26, backwards are taken every 60 and take 52: it idles 8 and 8.
        assertThat(StepBound.ofPlan(times, 8)).isEqualTo(174 + 8 * 78 + 8 + 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void roundTripStaysNearTheBoundWhereEachStageIsShorterThanTheOneBeforeIt(int microBatches) {
        List<Long> forward = IntStream.range(0, 20)
                .mapToObj(stage -> Math.round(1e6 * Math.pow(1 + 1.0 / microBatches, 19 - stage)))
                .toList();
        StageTimes times =
                new StageTimes(forward, forward.stream().map(nanos -> 2 * nanos).toList(), Collections.nCopies(19, 0L));
        List<Integer> limits = Collections.nCopies(20, microBatches);
        long step = Simulator.simulate(ScheduleKind.ROUND_TRIP.build(times, microBatches, limits), times)
                .stepNanos();
        assertThat((double) step / StepBound.ofPlan(times, microBatches)).isBetween(1.0, 1.03);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 1.5, 2.5})
    void roundTripStaysWithinATenthOfTheBoundWhateverTheLinks(double linkOverForward) {
        StageTimes times = StageTimes.uniform(8, 1000, 2000, (long) (1000 * linkOverForward));
        for (int microBatches : new int[] {1, 8, 32, 64}) {
            long step = Simulator.simulate(ScheduleKind.ROUND_TRIP.build(times, microBatches), times)
                    .stepNanos();
            assertThat((double) step / StepBound.ofPlan(times, microBatches))
                    .as("%d micro-batches", microBatches)
                    .isLessThanOrEqualTo(1.10);
        }
    }

    private static UnitProfile unit(long nanos) {
        return new UnitProfile("unit", nanos, 0, 0, 0, 0, 0);
    }
}
