package io.github.skydl4j.plan;

import java.util.List;

/** What changes where one worker has the first and the last stage: it holds both. */
final class Ends {

    private Ends() {}

    static boolean areShared(List<StagePlan> stages) {
        return stages.size() > 1 && first(stages).worker() == last(stages).worker();
    }

    /** Whether the stages start and end on the owner, where there is one. */
    static boolean belongToOwner(CostModel costs, List<StagePlan> stages) {
        return costs.owner().isEmpty()
                || (first(stages).worker() == costs.owner().getAsInt()
                        && last(stages).worker() == costs.owner().getAsInt());
    }

    /** Whether every worker can hold its stages with the fewest micro-batches in flight that the schedule needs. */
    static boolean fit(CostModel costs, List<StagePlan> stages) {
        for (int i = 0; i < stages.size(); i++) {
            StagePlan stage = stages.get(i);
            int inFlight = costs.leastInFlight(stages.size() - i);
            if (!costs.fits(stage.worker(), stage.firstUnit(), stage.endUnit(), inFlight)) {
                return false;
            }
        }
        return !areShared(stages)
                || bytes(costs, first(stages), costs.leastInFlight(stages.size()))
                                + bytes(costs, last(stages), costs.leastInFlight(1))
                        <= costs.usableBytes(first(stages).worker());
    }

    /** What the stage's worker holds: the stage, and for the first of shared ends also the last. */
    static long bytesWithTwin(CostModel costs, List<StagePlan> stages, List<Integer> inFlight, int i) {
        long own = bytes(costs, stages.get(i), inFlight.get(i));
        return i == 0 && areShared(stages) ? own + bytes(costs, last(stages), inFlight.get(stages.size() - 1)) : own;
    }

    /**
     * How many micro-batches in flight the worker of a stage can hold. Of shared ends with a memory limit the last keeps
     * as few as it needs, which costs no time, and the first what memory that leaves.
     */
    static long mostInFlight(CostModel costs, List<StagePlan> stages, int i) {
        StagePlan stage = stages.get(i);
        if (!areShared(stages)
                || (i > 0 && i < stages.size() - 1)
                || costs.usableBytes(stage.worker()) == Long.MAX_VALUE) {
            return costs.mostInFlight(stage, 0);
        }
        int behind = costs.leastInFlight(1);
        return i > 0 ? behind : costs.mostInFlight(stage, bytes(costs, last(stages), behind));
    }

    private static long bytes(CostModel costs, StagePlan stage, int inFlight) {
        return costs.bytes(stage.firstUnit(), stage.endUnit(), inFlight);
    }

    private static StagePlan first(List<StagePlan> stages) {
        return stages.get(0);
    }

    private static StagePlan last(List<StagePlan> stages) {
        return stages.get(stages.size() - 1);
    }
}
