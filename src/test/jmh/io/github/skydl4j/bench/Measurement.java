package io.github.skydl4j.bench;

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

    /** The middle value over runs; the upper of two. */
    static double median(List<Measurement> runs, ToDoubleFunction<Measurement> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Longest less shortest step over the median, 0 for one run. */
    static double spread(List<Measurement> runs) {
        double longest =
                runs.stream().mapToDouble(Measurement::stepMillis).max().orElseThrow();
        double shortest =
                runs.stream().mapToDouble(Measurement::stepMillis).min().orElseThrow();
        return (longest - shortest) / median(runs, Measurement::stepMillis);
    }

    @Override
    public String toString() {
        return "step %.0f ms, bound %.0f ms (%.2f)".formatted(stepMillis, boundMillis, stepMillis / boundMillis);
    }
}
