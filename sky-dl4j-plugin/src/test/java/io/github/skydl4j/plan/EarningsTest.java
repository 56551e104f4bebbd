package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EarningsTest {

    /**
     * The gain of a place was once taken from a deeper place than its own, so too little was granted to the last
     * stages, and the exact search dropped the optimum of one instance in two thousand (5 micro-batches in flight).
     */
    @Test
    void noPlaceEarnsMoreThanIsGrantedToItAndThoseBehind() {
        RandomRequests requests = new RandomRequests(31, 6, 12);
        for (int i = 0; i < 300; i++) {
            CostModel costs = new CostModel(requests.next());
            int[] workers = IntStream.range(0, costs.workers()).toArray();
            Prices prices = Prices.ofWork(costs);
            Reach reach = Reach.certain(costs, 4 * StepBound.bottleneck(costs));
            Earnings earnings = Earnings.of(costs, workers, reach, prices);
            for (int fromEnd = 1; fromEnd <= costs.workers(); fromEnd++) {
                double granted = earnings.gainFrom(fromEnd) - earnings.gainFrom(fromEnd + 1);
                for (int worker : workers) {
                    assertThat(Earnings.most(costs, worker, fromEnd, reach, prices))
                            .isLessThanOrEqualTo(earnings.deep(worker) + granted + 1e-12);
                }
            }
        }
    }
}
