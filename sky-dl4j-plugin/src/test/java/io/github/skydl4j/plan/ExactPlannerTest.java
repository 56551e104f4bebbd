package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExactPlannerTest {

    private static final ExactPlanner PLANNER = new ExactPlanner();

    @Test
    void bottleneckEqualsBruteForceOnSeededInstances() {
        RandomRequests requests = new RandomRequests(11, 4, 7);
        int infeasible = 0;
        for (int i = 0; i < 1000; i++) {
            PlanRequest request = bottleneckOf(requests.next());
            OptionalLong best = bruteForce(request);
            if (best.isEmpty()) {
                infeasible++;
                assertThatThrownBy(() -> PLANNER.plan(request)).isInstanceOf(InfeasiblePlanException.class);
            } else {
                Allocation allocation = PLANNER.plan(request);
                assertThat(PlanValidator.validate(request, allocation)).isEmpty();
                assertThat(allocation.bottleneckNanos()).as("instance %d", i).isEqualTo(best.getAsLong());
                assertThat(allocation.prediction().bottleneckBoundNanos()).isEqualTo(best.getAsLong());
            }
        }
        assertThat(infeasible).isBetween(50, 500);
    }

    @Test
    void saysHowMuchMemoryIsMissing() {
        UnitProfile unit = new UnitProfile("block", 1, 2, 70L << 30, 35L << 30, 0, 0);
        List<WorkerProfile> workers =
                List.of(new WorkerProfile("gpu-0", 1, 90L << 30), new WorkerProfile("gpu-1", 1, 90L << 30));
        PlanRequest request =
                new PlanRequest(List.of(unit, unit), Cluster.instant(workers), 4, ScheduleKind.ROUND_TRIP);
        assertThatThrownBy(() -> PLANNER.plan(request))
                .isInstanceOf(InfeasiblePlanException.class)
                .hasMessage("the 2 workers hold 180.0 GiB, the model needs 210.0 GiB:"
                        + " add a worker or raise microBatches");
    }

    private static PlanRequest bottleneckOf(PlanRequest request) {
        return request.withOptions(request.options().withObjective(PlanOptions.Objective.BOTTLENECK));
    }

    private static OptionalLong bruteForce(PlanRequest request) {
        AtomicLong best = new AtomicLong(Long.MAX_VALUE);
        AllPlans.visit(request, stages -> {
            long bottleneck = StepTimes.of(request, stages).bottleneck();
            if (bottleneck < best.get()
                    && PlanValidator.validate(request, stages).isEmpty()) {
                best.set(bottleneck);
            }
        });
        return best.get() == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(best.get());
    }
}
