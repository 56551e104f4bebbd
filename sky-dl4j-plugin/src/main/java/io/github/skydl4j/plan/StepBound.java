package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.OrderBound;
import io.github.skydl4j.schedule.StageTimes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * Step times that cannot be beaten.
 *
 * <p>For a given plan, whatever the order of work: a stage does m forwards and m backwards one after the other, the
 * first of them after the stages and links before it, and after the last of them comes the way back:
 *
 * <pre>
 *   T >= m (f_i + b_i) + sum_{j&lt;i} (f_j + b_j + 2 c_j) + idle_i                 for every stage i
 * </pre>
 *
 * It idles ({@link OrderBound}) because it has nothing but forwards to do until its first gradient is back, and nothing
 * but backwards after its last forward, and stages before it that are longer hand these over, and take those, more slowly
 * than it does them. And on every stage and every link direction something is last: it is preceded by its own kind m - 1
 * times, and has the whole way before and behind it:
 *
 * <pre>
 *   T >= sum (f + b) + 2 sum c + (m - 1) max(f_i, b_i, c_i)
 * </pre>
 *
 * A worker with the first and the last stage does the m forwards and backwards of both.
 * The longest update comes on top of either: no stage updates before all micro-batches are through.
 */
public final class StepBound {

    private StepBound() {}

    /** The shortest step of {@code microBatches} that any schedule reaches with these stages; O(stages). */
    public static long ofPlan(StageTimes times, int microBatches) {
        return OrderBound.nanos(times, microBatches) + times.longestUpdate();
    }

    /**
     * The shortest step, but for the update, of {@code microBatches} that any schedule reaches with these stages and so many in
     * flight on each: what is in flight on a stage is so on all before it, and {@link InFlightSlack} says what that costs.
     */
    static double withinLimits(StageTimes times, int microBatches, List<Integer> limits) {
        double longest = OrderBound.nanos(times, microBatches);
        double pass = 0;
        for (int i = 0; i < times.stageCount(); i++) {
            pass += times.compute(i) + (i + 1 < times.stageCount() ? 2 * times.link(i) : 0);
        }
        int inFlight = microBatches;
        double behind = pass;
        for (int i = 0; i < times.stageCount(); i++) {
            inFlight = Math.min(inFlight, limits.get(i));
            double forward = times.forward(i);
            double backward = times.backward(i);
            behind -= forward + backward;
            double slack = InFlightSlack.least(microBatches, inFlight, forward, backward, behind);
            longest = Math.max(longest, pass + slack);
            behind -= i + 1 < times.stageCount() ? 2 * times.link(i) : 0;
        }
        return longest;
    }

    /** A step that no plan beats with the requested schedule; see {@link StepFloor} for how. */
    public static long anyPlan(PlanRequest request) {
        CostModel costs = new CostModel(request);
        return StepFloor.of(costs, bottleneck(costs)) + leastUpdate(costs);
    }

    /** A bottleneck that no plan beats: all workers busy all the time, and every unit somewhere. */
    static long bottleneck(CostModel costs) {
        double[] perReference = fastestFactors(costs);
        double speed = Arrays.stream(perReference).map(factor -> 1 / factor).sum();
        long balanced = (long) Math.floor(referenceWork(costs) / speed * ROUNDING);
        long longestUnit = 0;
        for (int unit = 0; unit < costs.units(); unit++) {
            longestUnit = Math.max(longestUnit, fastest(costs, unit));
        }
        return Math.max(balanced, longestUnit);
    }

    /** The longest update of a stage if all workers shared the updates evenly, each by its speed: no plan has a shorter. */
    static long leastUpdate(CostModel costs) {
        double all = 0;
        for (UnitProfile unit : costs.request().units()) {
            all += unit.updateNanos();
        }
        double speed = 0;
        for (int worker = 0; worker < costs.workers() && all > 0; worker++) {
            double least = Double.POSITIVE_INFINITY;
            for (int unit = 0; unit < costs.units(); unit++) {
                long reference = costs.request().units().get(unit).updateNanos();
                if (reference > 0) {
                    least = Math.min(least, (double) costs.update(worker, unit, unit + 1) / reference);
                }
            }
            speed += 1 / least;
        }
        return all == 0 ? 0 : (long) Math.floor(all / speed * ROUNDING);
    }

    /** Sums of doubles may be off in their last bits: a bound must not be. */
    private static final double ROUNDING = 1 - 1e-12;

    /** The shortest step, but for the update, of a worker that does all, whether or not its memory holds it. */
    static long fastestAlone(CostModel costs) {
        return costs.microBatches()
                * IntStream.range(0, costs.workers())
                        .mapToLong(worker -> costs.compute(worker, 0, costs.units()))
                        .min()
                        .orElseThrow();
    }

    static long fastestPass(CostModel costs) {
        long nanos = 0;
        for (int unit = 0; unit < costs.units(); unit++) {
            nanos += fastest(costs, unit);
        }
        return nanos;
    }

    static long fastest(CostModel costs, int unit) {
        long nanos = Long.MAX_VALUE;
        for (int worker = 0; worker < costs.workers(); worker++) {
            nanos = Math.min(nanos, costs.compute(worker, unit, unit + 1));
        }
        return nanos;
    }

    /** The workers from the fastest to the slowest, by {@link #fastestFactors}. */
    static int[] fastestFirst(CostModel costs) {
        double[] factors = fastestFactors(costs);
        return IntStream.range(0, costs.workers())
                .boxed()
                .sorted(Comparator.comparingDouble(worker -> factors[worker]))
                .mapToInt(worker -> worker)
                .toArray();
    }

    /** For every worker the least ratio of its time to the reference time, over all units. */
    static double[] fastestFactors(CostModel costs) {
        return factors(costs, Double.POSITIVE_INFINITY, Math::min);
    }

    /** For every worker the largest ratio of its time to the reference time, over all units. */
    static double[] slowestFactors(CostModel costs) {
        return factors(costs, 0, Math::max);
    }

    private static double[] factors(CostModel costs, double none, DoubleBinaryOperator extreme) {
        double[] factors = new double[costs.workers()];
        for (int worker = 0; worker < factors.length; worker++) {
            double factor = none;
            for (int unit = 0; unit < costs.units(); unit++) {
                long reference = reference(costs, unit);
                if (reference > 0) {
                    factor = extreme.applyAsDouble(factor, (double) costs.compute(worker, unit, unit + 1) / reference);
                }
            }
            factors[worker] = factor;
        }
        return factors;
    }

    static double referenceWork(CostModel costs) {
        double work = 0;
        for (int unit = 0; unit < costs.units(); unit++) {
            work += reference(costs, unit);
        }
        return work;
    }

    static long reference(CostModel costs, int unit) {
        UnitProfile profile = costs.request().units().get(unit);
        return profile.forwardNanos() + profile.backwardNanos();
    }
}
