package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PlannersTest {

    @Test
    void findsEveryPlannerByItsName() {
        for (Planner planner : Planners.named()) {
            assertThat(Planners.byName(planner.name())).isSameAs(planner);
        }
    }

    @Test
    void namesTheAllowedPlannersWhenItMeetsAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Planners.byName("best"))
                .withMessage("planner: found \"best\", allowed are even, proportional, paper, exact, quick");
    }

    @Test
    void quickIsExactWhereAllPlansCanBeSearched() {
        RandomRequests requests = new RandomRequests(6, 5, 12);
        int feasible = 0;
        for (int i = 0; i < 100; i++) {
            PlanRequest request = requests.next();
            try {
                Allocation exact = new ExactPlanner().plan(request);
                Allocation quick = ExactPlanner.quick().plan(request);
                assertThat(quick.planner()).isEqualTo("quick");
                assertThat(quick.stages()).isEqualTo(exact.stages());
                assertThat(quick.prediction()).isEqualTo(exact.prediction());
                feasible++;
            } catch (InfeasiblePlanException memory) {
                assertThat(memory).hasMessageContaining("add a ");
            }
        }
        assertThat(feasible).isGreaterThan(20);
    }

    @Test
    void quickFindsAPlanOfManyWorkersAndABoundThatIsTrue() {
        PlanRequest request = LargeRequests.of(LargeRequests.Shape.BLOCKS, 1, 2, 8);
        Allocation quick = ExactPlanner.quick().plan(request);
        assertThat(PlanValidator.validate(request, quick)).isEmpty();
        long known = 1_569_400_000; // A step that the exact planner finds.
        assertThat(quick.stepNanos()).isLessThan((long) (1.05 * known));
        assertThat(quick.boundNanos()).isBetween((long) (0.9 * known), known);
        assertThat(quick.notes()).contains("found by a short search");
    }

    @Test
    void allPlansOfAllPlannersKeepTheRules() {
        RandomRequests requests = new RandomRequests(5, 5, 12);
        for (int i = 0; i < 500; i++) {
            PlanRequest request = requests.next();
            for (Planner planner : Planners.named()) {
                try {
                    assertThat(PlanValidator.validate(request, planner.plan(request)))
                            .isEmpty();
                } catch (InfeasiblePlanException memory) {
                    assertThat(memory).hasMessageContaining("add a ");
                }
            }
        }
    }
}
