package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FixedPlannerTest {
    private static final List<StagePlan> STAGES = List.of(new StagePlan(1, 0, 2), new StagePlan(0, 2, 6));

    @Test
    void givesTheStagesAndPromisesWhatTheSimulatorSays() {
        PlanRequest request = request(Long.MAX_VALUE, "quick", "slow");
        Allocation fixed = new FixedPlanner(STAGES, List.of(3, 2), false).plan(request);
        assertThat(fixed.stages()).isEqualTo(STAGES);
        assertThat(fixed.inFlightLimits()).containsExactly(3, 2);
        assertThat(fixed.stepNanos())
                .isEqualTo(Simulator.simulate(request, fixed).stepNanos());
    }

    @Test
    void givesWhatAnotherPlannerHasMade() {
        PlanRequest request = request(Long.MAX_VALUE, "quick", "slow");
        Allocation planned = new ExactPlanner().plan(request);
        assertThat(new FixedPlanner(planned.stages(), List.of(), false)
                        .plan(request)
                        .stepNanos())
                .isEqualTo(planned.stepNanos());
    }

    @Test
    void findsItsWorkersByNameInAnyOrder() {
        FixedPlanner planner =
                new FixedPlanner(STAGES, List.of(3, 2), false).forWorkers(List.of("quick", "slow"), new EvenPlanner());
        Allocation fixed = planner.plan(request(Long.MAX_VALUE, "other", "slow", "quick"));
        assertThat(fixed.stages()).containsExactly(new StagePlan(1, 0, 2), new StagePlan(2, 2, 6));
    }

    @Test
    void leavesItToAnotherPlannerWhereAWorkerIsMissing() {
        FixedPlanner planner =
                new FixedPlanner(STAGES, List.of(3, 2), false).forWorkers(List.of("quick", "slow"), new EvenPlanner());
        Allocation anew = planner.plan(request(Long.MAX_VALUE, "quick", "other"));
        assertThat(anew.planner()).isEqualTo("even");
        assertThat(anew.notes()).contains("the given stages need worker slow, which is not there: planned anew");
    }

    @Test
    void refusesStagesThatBreakARule() {
        PlanRequest request = request(Long.MAX_VALUE, "quick", "slow");
        assertThatThrownBy(() -> new FixedPlanner(STAGES.subList(0, 1), List.of(), false).plan(request))
                .isInstanceOf(InfeasiblePlanException.class);
        assertThatThrownBy(() -> new FixedPlanner(STAGES, List.of(3, 2), false).plan(request(500, "quick", "slow")))
                .isInstanceOf(InfeasiblePlanException.class)
                .hasMessageContaining("needs");
        assertThatThrownBy(() -> new FixedPlanner(STAGES, List.of(3), false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recomputingStagesTakeLongerAndFitIntoLessMemory() {
        PlanRequest roomy = request(Long.MAX_VALUE, "quick", "slow");
        assertThat(new FixedPlanner(STAGES, List.of(), true).plan(roomy).stepNanos())
                .isGreaterThan(
                        new FixedPlanner(STAGES, List.of(), false).plan(roomy).stepNanos());
        PlanRequest tight = request(3000, "quick", "slow");
        assertThatThrownBy(() -> new FixedPlanner(STAGES, List.of(4, 4), false).plan(tight))
                .isInstanceOf(InfeasiblePlanException.class);
        assertThat(new FixedPlanner(STAGES, List.of(4, 4), true).plan(tight).stages())
                .isEqualTo(STAGES);
    }

    private static PlanRequest request(long memoryBytes, String... names) {
        List<UnitProfile> units = new ArrayList<>();
        for (int u = 0; u < 6; u++) {
            units.add(new UnitProfile("u" + u, 1_000_000, 2_000_000, 100, 200, 200, 10));
        }
        List<WorkerProfile> workers = new ArrayList<>();
        for (String name : names) {
            workers.add(new WorkerProfile(name, name.equals("slow") ? 2 : 1, memoryBytes));
        }
        return new PlanRequest(units, Cluster.uniform(workers, Link.INSTANT), 8, ScheduleKind.ROUND_TRIP);
    }
}
