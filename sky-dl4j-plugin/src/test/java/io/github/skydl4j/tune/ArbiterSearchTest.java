package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ArbiterSearchTest {
    private static final PlanRequest REQUEST = SmallSearch.request(14, 1, 2, 4, 7);
    private static final long A_MINUTE = TimeUnit.MINUTES.toNanos(1);

    /** Arbiter's own runner waits for ever when a grid has no more candidates. */
    @Test
    @Timeout(30)
    void endsWhenTheGridIsExhausted() {
        SearchSpace six = new SearchSpace(
                List.of(new ExactPlanner()),
                List.of(8),
                List.of(ScheduleKind.values()),
                List.of(1.0, 2.0),
                List.of(false),
                List.of(WireChoice.AS_GIVEN));
        assertThat(search(Generator.GRID, six, 500, 500).run(A_MINUTE, List.of()))
                .isEqualTo(6);
    }

    @Test
    void endsAfterSoManyCandidates() {
        assertThat(search(Generator.RANDOM, SearchSpace.of(List.of(8)), 40, 1000)
                        .run(A_MINUTE, List.of()))
                .isEqualTo(40);
    }

    @Test
    void endsWhenNothingImproves() {
        assertThat(search(Generator.RANDOM, SearchSpace.of(List.of(8)), 100_000, 200)
                        .run(A_MINUTE, List.of()))
                .isLessThan(100_000);
    }

    @Test
    void failedCandidatesDoNotEndIt() {
        StepScore refusing = new StepScore() {
            @Override
            long stepNanos(TrialPlan plan) {
                if (plan.microBatches() == 4) {
                    throw new IllegalStateException("four is refused");
                }
                return plan.microBatches();
            }
        };
        SimulatedPool pool = new SimulatedPool();
        int tried = new ArbiterSearch(
                        Generator.RANDOM.over(bases(), SearchSpace.of(List.of(4, 8, 16)), refusing, 1),
                        refusing,
                        pool,
                        60,
                        60)
                .run(A_MINUTE, List.of());
        assertThat(tried).isEqualTo(60);
        assertThat(pool.fastestFirst())
                .isNotEmpty()
                .allSatisfy(plan -> assertThat(plan.microBatches()).isNotEqualTo(4));
        assertThat(pool.fastestFirst().get(0).microBatches()).isEqualTo(8);
    }

    private static ArbiterSearch search(Generator generator, SearchSpace space, int most, int patience) {
        StepScore score = new SimulatedStepScore(new Forecast(REQUEST, REQUEST));
        return new ArbiterSearch(generator.over(bases(), space, score, 1), score, new SimulatedPool(), most, patience);
    }

    private static BasePlans bases() {
        return new BasePlans(REQUEST, TrialPlan.of(new ExactPlanner().plan(REQUEST), REQUEST.schedule(), false));
    }
}
