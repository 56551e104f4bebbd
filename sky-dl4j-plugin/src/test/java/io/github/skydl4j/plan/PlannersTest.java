package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PlannersTest {

    @Test
    void findsEveryPlannerByItsName() {
        for (Planner planner : Planners.all()) {
            assertThat(Planners.byName(planner.name())).isSameAs(planner);
        }
    }

    @Test
    void namesTheAllowedPlannersWhenItMeetsAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Planners.byName("best"))
                .withMessage("planner: found \"best\", allowed are even, proportional, paper, exact");
    }

    @Test
    void allPlansOfAllPlannersKeepTheRules() {
        RandomRequests requests = new RandomRequests(5, 5, 12);
        for (int i = 0; i < 500; i++) {
            PlanRequest request = requests.next();
            for (Planner planner : Planners.all()) {
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
