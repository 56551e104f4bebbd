package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Says which workers a plan leaves out, and why. */
final class IdleWorkers {

    private static final int MOST_NOTES = 20;

    private IdleWorkers() {}

    static List<String> notes(CostModel costs, List<StagePlan> stages, long bottleneckNanos) {
        Set<Integer> used = stages.stream().map(StagePlan::worker).collect(Collectors.toSet());
        List<String> notes = new ArrayList<>();
        int idle = 0;
        for (int worker = 0; worker < costs.workers(); worker++) {
            if (!used.contains(worker) && idle++ < MOST_NOTES) {
                notes.add("worker " + costs.request().cluster().worker(worker).name() + " is left out: "
                        + reason(costs, worker, bottleneckNanos));
            }
        }
        if (idle > MOST_NOTES) {
            notes.add((idle - MOST_NOTES) + " more workers are left out");
        }
        return notes;
    }

    private static String reason(CostModel costs, int worker, long bottleneckNanos) {
        long fewestBytes = Long.MAX_VALUE;
        long leastNanos = Long.MAX_VALUE;
        for (int unit = 0; unit < costs.units(); unit++) {
            fewestBytes = Math.min(fewestBytes, costs.bytes(unit, unit + 1, costs.leastInFlight(1)));
            leastNanos = Math.min(leastNanos, costs.compute(worker, unit, unit + 1));
        }
        if (fewestBytes > costs.usableBytes(worker)) {
            return "it holds " + Bytes.text(Math.max(0, costs.usableBytes(worker))) + ", the smallest unit needs "
                    + Bytes.text(fewestBytes);
        }
        if (leastNanos > bottleneckNanos) {
            return String.format(
                    Locale.ROOT,
                    "its shortest unit takes %.3f ms, the bottleneck is %.3f ms",
                    leastNanos / 1e6,
                    bottleneckNanos / 1e6);
        }
        return "the plan is no slower without it";
    }
}
