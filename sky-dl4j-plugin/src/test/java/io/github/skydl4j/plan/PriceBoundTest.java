package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PriceBoundTest {

    @Test
    void isNeverAboveTheBestOfAllPlans() {
        RandomRequests requests = new RandomRequests(21, 4, 8);
        int tight = 0;
        for (int i = 0; i < 500; i++) {
            PlanRequest request = requests.next();
            AtomicLong best = new AtomicLong(Long.MAX_VALUE);
            AllPlans.visit(request, stages -> {
                long bottleneck = StepTimes.of(request, stages).bottleneck();
                if (bottleneck < best.get()
                        && PlanValidator.validate(request, stages).isEmpty()) {
                    best.set(bottleneck);
                }
            });
            if (best.get() == Long.MAX_VALUE) {
                continue;
            }
            PriceBound bound = new PriceBound(new CostModel(request));
            bound.raise(best.get());
            assertThat(bound.isImpossible(best.get())).as("instance %d", i).isFalse();
            assertThat(bound.bound()).isLessThanOrEqualTo(best.get());
            tight += bound.bound() > 0.95 * best.get() ? 1 : 0;
        }
        assertThat(tight).isGreaterThan(150);
    }
}
