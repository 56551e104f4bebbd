package io.github.skydl4j.monitor;

import io.github.skydl4j.plan.StepBound;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The latest steps of full size, for medians. Confined to one thread, or guarded by its owner. */
final class RecentSteps {
    private static final int KEPT = 128;

    private final ArrayDeque<StepSummary> steps = new ArrayDeque<>();

    void clear() {
        steps.clear();
    }

    /** Keeps the step unless it is a smaller one, such as the last of an epoch; a larger one starts anew. */
    void add(StepSummary step) {
        int rows = steps.isEmpty() ? 0 : steps.getLast().facts().rows();
        if (step.facts().rows() > rows) {
            steps.clear();
        } else if (step.facts().rows() < rows) {
            return;
        }
        if (steps.size() == KEPT) {
            steps.removeFirst();
        }
        steps.addLast(step);
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Median time of a step. */
    long stepNanos() {
        return median(step -> step.facts().nanos());
    }

    /** What no schedule can beat, from the compute times measured and the links of the plan. */
    long boundNanos(PipelinePlan plan) {
        List<Long> forward = new ArrayList<>();
        List<Long> backward = new ArrayList<>();
        for (int s = 0; s < plan.stages().size(); s++) {
            int stage = s;
            forward.add(median(step -> step.facts().forwardNanos().get(stage)));
            backward.add(median(step -> step.facts().backwardNanos().get(stage)));
        }
        return StepBound.ofPlan(new StageTimes(forward, backward, plan.times().linkNanos()), plan.microBatches());
    }

    /** Shares of the steps kept, averaged over them. */
    List<StageShare> stages(int stageCount) {
        List<StageShare> stages = new ArrayList<>();
        for (int s = 0; s < stageCount; s++) {
            int stage = s;
            stages.add(new StageShare(
                    mean(step -> step.stages().get(stage).busyNanos()),
                    mean(step -> step.stages().get(stage).inputWaitNanos()),
                    mean(step -> step.stages().get(stage).linkWaitNanos())));
        }
        return stages;
    }

    /** Mean time of a step. */
    long meanNanos() {
        return mean(step -> step.facts().nanos());
    }

    private long mean(ToLongFunction<StepSummary> value) {
        return (long) steps.stream().mapToLong(value).average().orElse(0);
    }

    private long median(ToLongFunction<StepSummary> value) {
        long[] values = steps.stream().mapToLong(value).sorted().toArray();
        return values.length == 0 ? 0 : values[values.length / 2];
    }
}
