package io.github.skydl4j.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One setting measured once, in milliseconds of the emulated workers (the dilation is taken out). Immutable.
 *
 * @param boundMillis no plan and no schedule is faster, by the compute times measured in this run
 * @param planBoundMillis no schedule is faster with the stages of this plan
 * @param busy share of the step in which a worker is at work, over all workers, those without a stage included
 * @param computeOverProfile compute measured while training over that measured beforehand, unit by unit
 * @param hostCores cores of this host in use, by the stages' compute
 * @param processMebibytes memory of this process at the end
 */
record Measurement(
        double stepMillis,
        double boundMillis,
        double planBoundMillis,
        double predictedMillis,
        int stages,
        double busy,
        double computeOverProfile,
        double hostCores,
        double processMebibytes) {

    static double median(List<Measurement> runs, ToDoubleFunction<Measurement> value) {
        return median(runs.stream().mapToDouble(value).toArray());
    }

    /** The middle value; the upper of two. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    static double spread(List<Measurement> runs) {
        return spread(runs.stream().mapToDouble(Measurement::stepMillis).toArray());
    }

    /** Largest less smallest over the median, 0 for one value. */
    static double spread(double... values) {
        return (Arrays.stream(values).max().orElseThrow()
                        - Arrays.stream(values).min().orElseThrow())
                / median(values);
    }

    @Override
    public String toString() {
        return "step %.0f ms, bound %.0f ms (%.2f)".formatted(stepMillis, boundMillis, stepMillis / boundMillis);
    }
}
