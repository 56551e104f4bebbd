package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.schedule.OrderBound;
import io.github.skydl4j.schedule.StageTimes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdlingTest {

    private static final int INSTANCES = 60;
    private static final double ROUNDING = 1e-9;

    private int idles;
    private int links;

    @Test
    void noPlanIsThroughSoonerThanItsStagesIdle() {
        RandomRequests requests = new RandomRequests(31, 4, 7);
        for (int i = 0; i < INSTANCES; i++) {
            CostModel costs = new CostModel(requests.next());
            Idling idling = new Idling(costs);
            AllPlans.visit(costs.request(), plan -> check(costs, idling, plan));
        }
        assertThat(idles).isGreaterThan(INSTANCES);
        assertThat(links).isGreaterThan(INSTANCES);
    }

    private void check(CostModel costs, Idling idling, List<StagePlan> plan) {
        StageTimes times = StepTimes.of(costs, plan);
        int microBatches = costs.microBatches();
        double bound = (double) OrderBound.nanos(times, microBatches) * (1 + ROUNDING);
        double pass = 0;
        for (int i = 0; i < times.stageCount(); i++) {
            pass += times.compute(i) + (i + 1 < times.stageCount() ? 2.0 * times.link(i) : 0);
        }
        double head = 0;
        double longest = 0;
        for (int i = 0; i < times.stageCount(); i++) {
            double nanos = (double) times.compute(i);
            double behind = pass - head - nanos;
            if (longest > 0) {
                double busy = idling.behindLongest(nanos, behind, longest);
                assertThat(head + busy).as("stage %d of %s", i, plan).isLessThanOrEqualTo(bound);
                idles += busy > microBatches * nanos * (1 + ROUNDING) ? 1 : 0;
            }
            if (i > 0 && idling.hasLinks()) {
                double busy = idling.behindLink(nanos, behind);
                assertThat(head + busy).as("stage %d of %s", i, plan).isLessThanOrEqualTo(bound);
                links += busy > microBatches * nanos * (1 + ROUNDING) ? 1 : 0;
            }
            longest = Math.max(longest, nanos);
            head += nanos + (i + 1 < times.stageCount() ? 2.0 * times.link(i) : 0);
        }
    }

    @Test
    void aShorterStageIsNeverThroughLaterAndTheLongestInATimeIsTheLast() {
        RandomRequests requests = new RandomRequests(32, 4, 7);
        Random random = new Random(1);
        for (int i = 0; i < INSTANCES; i++) {
            CostModel costs = new CostModel(requests.next());
            Idling idling = new Idling(costs);
            double longest = 1000 + random.nextInt(9000);
            double behind = random.nextInt(60_000);
            double time = random.nextInt(100_000);
            double last = 0;
            double lastWithLink = 0;
            for (double nanos = 0; nanos <= 1.5 * longest; nanos += longest / 50) {
                double busy = idling.behindLongest(nanos, behind, longest);
                assertThat(busy).isGreaterThanOrEqualTo(last * (1 - ROUNDING));
                last = busy;
                if (idling.behindLongest(nanos, Math.max(0, behind - nanos), longest) <= time) {
                    assertThat(nanos)
                            .isLessThanOrEqualTo(
                                    idling.longestBehindLongest(time, behind, longest) * (1 + ROUNDING) + ROUNDING);
                }
                if (idling.hasLinks()) {
                    double withLink = idling.behindLink(nanos, behind);
                    assertThat(withLink).isGreaterThanOrEqualTo(lastWithLink * (1 - ROUNDING));
                    lastWithLink = withLink;
                    if (idling.behindLink(nanos, Math.max(0, behind - nanos)) <= time) {
                        assertThat(nanos)
                                .isLessThanOrEqualTo(
                                        idling.longestBehindLink(time, behind) * (1 + ROUNDING) + ROUNDING);
                    }
                }
            }
        }
    }
}
