package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.plan.PlanOptions.Objective;
import io.github.skydl4j.schedule.StageTimes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Both objectives of the exact planner against all plans there are, on seeded instances of up to 6 workers and 12
 * units, with memory limits, all kinds of networks and all schedules. {@code -Dsky.plan.instances=10000} for all.
 */
class BruteForceTest {

    private static final int INSTANCES = Integer.getInteger("sky.plan.instances", 200);

    private long bottleneck;
    private long step;

    @Test
    void exactPlannerEqualsBruteForceInBothObjectivesInfeasibleInstancesIncluded() {
        RandomRequests requests = new RandomRequests(2024, 6, 12);
        compare(requests::next, INSTANCES);
    }

    @Test
    void exactPlannerEqualsBruteForceWithPinnedUnits() {
        RandomRequests requests = new RandomRequests(2025, 5, 9);
        compare(requests::nextPinned, INSTANCES);
    }

    @Test
    void exactPlannerEqualsBruteForceWithBothEndsOnTheirOwner() {
        RandomRequests requests = new RandomRequests(2026, 5, 9);
        compare(requests::nextOwned, INSTANCES);
    }

    private void compare(Supplier<PlanRequest> requests, int instances) {
        int infeasible = 0;
        for (int i = 0; i < instances; i++) {
            PlanRequest request = requests.get();
            search(request);
            if (bottleneck == Long.MAX_VALUE) {
                infeasible++;
                assertThatThrownBy(() -> new ExactPlanner().plan(request)).isInstanceOf(InfeasiblePlanException.class);
                continue;
            }
            Allocation narrow = plan(request, Objective.BOTTLENECK);
            Allocation fast = plan(request, Objective.STEP);
            assertThat(narrow.bottleneckNanos()).as("bottleneck of %d", i).isEqualTo(bottleneck);
            assertThat(fast.stepNanos()).as("step of %d", i).isEqualTo(step);
            assertThat(fast.boundNanos()).as("proof of %d", i).isEqualTo(step);
            assertThat(narrow.boundNanos()).isLessThanOrEqualTo(step);
            assertThat(fast.prediction().bottleneckBoundNanos()).isEqualTo(bottleneck);
        }
        assertThat(infeasible).isBetween(instances / 50, instances / 2);
    }

    private static Allocation plan(PlanRequest request, Objective objective) {
        Allocation allocation =
                new ExactPlanner().plan(request.withOptions(request.options().withObjective(objective)));
        assertThat(PlanValidator.validate(request, allocation)).isEmpty();
        return allocation;
    }

    private void search(PlanRequest request) {
        bottleneck = Long.MAX_VALUE;
        step = Long.MAX_VALUE;
        CostModel costs = new CostModel(request);
        AllPlans.visit(request, stages -> {
            StageTimes times = StepTimes.of(costs, stages);
            boolean mayBeBetter =
                    times.bottleneck() < bottleneck || StepBound.ofPlan(times, request.microBatches()) < step;
            if (mayBeBetter && fits(costs, stages)) {
                bottleneck = Math.min(bottleneck, times.bottleneck());
                step = Math.min(step, WarmUp.of(costs, stages, times).stepNanos());
            }
        });
    }

    private static boolean fits(CostModel costs, List<StagePlan> stages) {
        Map<Integer, Long> held = new HashMap<>();
        for (int i = 0; i < stages.size(); i++) {
            StagePlan stage = stages.get(i);
            int inFlight = costs.leastInFlight(stages.size() - i);
            long bytes = costs.bytes(stage.firstUnit(), stage.endUnit(), inFlight);
            held.merge(stage.worker(), bytes, Long::sum);
            if (held.get(stage.worker())
                    > costs.request().cluster().worker(stage.worker()).memoryBytes()) {
                return false;
            }
            for (Pin pin : costs.request().options().pins()) {
                boolean touches = pin.firstUnit() < stage.endUnit() && stage.firstUnit() < pin.endUnit();
                if (touches && pin.worker() != stage.worker()) {
                    return false;
                }
            }
        }
        return true;
    }
}
