package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A certified lower bound of the bottleneck with many distinct workers.
 *
 * <p>Let every worker take its best stage alone, contiguous and within time and memory, and let workers' stages
 * overlap. If for some prices of the units all these stages together earn less than all units cost, no allocation
 * exists: this is the dual of the linear relaxation of "cover every unit, one stage a worker". Any prices prove. Good
 * ones are found from mixtures of time and memory, then by raising the price of units that few of the good stages
 * hold and lowering the others (multiplicative subgradient steps, smoothed over each worker's nearly best stages).
 * Units with equal profiles share a price. O(distinct workers x units) a step.
 */
final class PriceBound {

    private static final int MOST_STEPS = 60;
    private static final long MOST_WORK = 4_000_000L;
    private static final double CERTAIN = 1 - 1e-9;
    private static final double SMOOTHING = 0.01;

    private final CostModel costs;
    private final int[] workers;
    private final int[] countOf;
    private final int[] unitKind;
    private final List<double[]> mixtures;
    private final int steps;
    private final int deepest;
    private long bound;
    private long unproved = Long.MAX_VALUE;
    private Trial best;

    /** Weights for the kinds of units, their prices, and what all workers earn under them. */
    private record Trial(List<Double> weights, Prices prices, double earned) {}

    PriceBound(CostModel costs) {
        this.costs = costs;
        int[] representatives = representatives(costs);
        this.workers = Arrays.stream(representatives).distinct().toArray();
        this.countOf = new int[costs.workers()];
        for (int worker : representatives) {
            countOf[worker]++;
        }
        this.deepest = Earnings.deepest(costs);
        this.unitKind = unitKinds(costs);
        this.mixtures = mixtures(hasMemoryLimits(costs) ? 5 : 0);
        this.bound = StepBound.bottleneck(costs);
        this.steps = (int) Math.max(0, Math.min(MOST_STEPS, MOST_WORK / ((long) workers.length * costs.units())));
        this.best = new Trial(boxed(mixtures.get(0)), new Prices(perUnit(mixtures.get(0))), Double.MAX_VALUE);
    }

    /** Shown so far: no allocation has a bottleneck below this. */
    long bound() {
        return bound;
    }

    /** The prices under which the workers earned least of those tried last: where the search is tight. */
    Prices prices() {
        return best.prices;
    }

    /** Bisects for the largest bottleneck below {@code high} that can be shown to be impossible. */
    void raise(long high) {
        long open = high;
        double tolerance = Math.max(1, high * Math.max(5e-5, 5e-10 * workers.length * costs.units()));
        while (open - bound > tolerance) {
            long middle = bound + (open - bound) / 2;
            if (!isImpossible(middle)) {
                open = middle;
            }
        }
    }

    /** Looks for prices that prove that no allocation has this bottleneck; raises the bound if there are. */
    boolean isImpossible(long bottleneckNanos) {
        if (bottleneckNanos < bound) {
            return true;
        }
        Reach reach = Reach.atBest(costs, bottleneckNanos);
        best = trial(reach, unboxed(best.weights));
        for (int i = 0; i < mixtures.size() && best.earned >= CERTAIN; i++) {
            keepBetter(trial(reach, mixtures.get(i)));
        }
        double[] weights = unboxed(best.weights);
        int allowed = bottleneckNanos < unproved ? steps : 0;
        for (int step = 1; step <= allowed && best.earned >= CERTAIN; step++) {
            adjust(weights, coverage(reach, new Prices(perUnit(weights))), 0.5 / (1 + Math.sqrt(step)));
            keepBetter(trial(reach, weights));
        }
        if (best.earned < CERTAIN) {
            bound = bottleneckNanos + 1;
        } else {
            unproved = Math.min(unproved, bottleneckNanos);
        }
        return best.earned < CERTAIN;
    }

    private void keepBetter(Trial trial) {
        if (trial.earned < best.earned) {
            best = trial;
        }
    }

    private Trial trial(Reach reach, double[] weights) {
        Prices prices = new Prices(perUnit(weights));
        double earned = 0;
        for (int worker : workers) {
            earned += countOf[worker] * Earnings.most(costs, worker, deepest, reach, prices);
        }
        if (earned < CERTAIN && deepest > 1) {
            earned += Earnings.of(costs, workers, reach, prices).gainFrom(1);
        }
        return new Trial(boxed(weights), prices, earned);
    }

    /** For every unit how many workers hold it, each worker spread over its nearly best stages. */
    private double[] coverage(Reach reach, Prices prices) {
        double[] changes = new double[costs.units() + 1];
        for (int worker : workers) {
            double most = Earnings.most(costs, worker, deepest, reach, prices);
            if (most > 0) {
                spread(reach, prices, worker, most, changes);
            }
        }
        double[] coverage = new double[costs.units()];
        double sum = 0;
        for (int unit = 0; unit < coverage.length; unit++) {
            sum += changes[unit];
            coverage[unit] = sum;
        }
        return coverage;
    }

    private void spread(Reach reach, Prices prices, int worker, double most, double[] changes) {
        double[] share = new double[costs.units() + 1];
        double all = 0;
        for (int end = 1; end <= costs.units(); end++) {
            double shortfall = (most - prices.of(reach.first(worker, deepest, end), end)) / (SMOOTHING * most);
            share[end] = shortfall < 8 && reach.isLegalCut(end) ? Math.exp(-shortfall) : 0;
            all += share[end];
        }
        for (int end = 1; end <= costs.units(); end++) {
            if (share[end] > 0) {
                double held = share[end] / all * countOf[worker];
                changes[reach.first(worker, deepest, end)] += held;
                changes[end] -= held;
            }
        }
    }

    private void adjust(double[] weights, double[] coverage, double rate) {
        double[] covered = new double[weights.length];
        double[] members = new double[weights.length];
        for (int unit = 0; unit < coverage.length; unit++) {
            covered[unitKind[unit]] += coverage[unit];
            members[unitKind[unit]]++;
        }
        double average = Math.max(1e-9, Arrays.stream(coverage).average().orElse(1));
        for (int kind = 0; kind < weights.length; kind++) {
            double excess = covered[kind] / members[kind] / average - 1;
            weights[kind] *= Math.exp(-rate * Math.max(-1, Math.min(1, excess)));
        }
    }

    private double[] perUnit(double[] weights) {
        double[] units = new double[costs.units()];
        for (int unit = 0; unit < units.length; unit++) {
            units[unit] = weights[unitKind[unit]];
        }
        return units;
    }

    private static boolean hasMemoryLimits(CostModel costs) {
        return IntStream.range(0, costs.workers()).anyMatch(costs::hasMemoryLimit);
    }

    /** From all time to, if there are more, all memory. */
    private List<double[]> mixtures(int more) {
        int kinds = Arrays.stream(unitKind).max().orElse(0) + 1;
        Prices time = Prices.ofWork(costs);
        double allBytes = Math.max(1, costs.bytes(0, costs.units(), costs.leastInFlight(1)));
        List<double[]> list = new ArrayList<>();
        for (int i = 0; i <= more; i++) {
            double memory = more == 0 ? 0 : (double) i / more;
            double[] weights = new double[kinds];
            for (int unit = 0; unit < unitKind.length; unit++) {
                double bytes = costs.bytes(unit, unit + 1, costs.leastInFlight(1)) / allBytes;
                weights[unitKind[unit]] = (1 - memory) * time.of(unit, unit + 1) + memory * bytes + 1e-12;
            }
            list.add(weights);
        }
        return list;
    }

    private static List<Double> boxed(double[] weights) {
        return Arrays.stream(weights).boxed().toList();
    }

    private static double[] unboxed(List<Double> weights) {
        return weights.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static int[] representatives(CostModel costs) {
        int[] workers = new int[costs.workers()];
        for (int worker = 0; worker < workers.length; worker++) {
            workers[worker] = costs.representative(worker);
        }
        return workers;
    }

    /** Numbers the kinds of units: those that cost and hold the same. */
    private static int[] unitKinds(CostModel costs) {
        Map<List<Object>, Integer> numbers = new LinkedHashMap<>();
        int[] kinds = new int[costs.units()];
        for (int unit = 0; unit < kinds.length; unit++) {
            UnitProfile u = costs.request().units().get(unit);
            List<Object> cost =
                    List.of(u.kind(), u.forwardNanos() + u.backwardNanos(), u.residentBytes(), u.activationBytes());
            Integer known = numbers.putIfAbsent(cost, numbers.size());
            kinds[unit] = known == null ? numbers.size() - 1 : known;
        }
        return kinds;
    }
}
