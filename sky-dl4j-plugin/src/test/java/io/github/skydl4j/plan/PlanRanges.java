package io.github.skydl4j.plan;

import java.util.List;

/** Where known plans are among the ranges of a proof. */
final class PlanRanges {

    private PlanRanges() {}

    /** What a plan takes at least, but for the update. */
    static double step(CostModel costs, List<StagePlan> plan) {
        return (double) (Appraisal.step(costs, plan) - StepBound.leastUpdate(costs));
    }

    /** A range that a plan of this step lies in, so wide to either side, in nanoseconds of the step. */
    static StepRange around(CostModel costs, List<StagePlan> plan, double step, double width) {
        double pass = 0;
        double longest = 0;
        for (int i = 0; i < plan.size(); i++) {
            StagePlan stage = plan.get(i);
            double nanos = costs.compute(stage.worker(), stage.firstUnit(), stage.endUnit());
            longest = Math.max(longest, nanos);
            pass += nanos;
            if (i > 0) {
                pass += 2.0 * costs.link(plan.get(i - 1).worker(), stage.worker(), stage.firstUnit());
            }
        }
        double slack = step - pass;
        double ofLongest = width / costs.microBatches();
        return new StepRange(slack - width, slack + width, longest - ofLongest, longest + ofLongest);
    }

    static int classOf(WorkerClasses classes, int worker) {
        int workerClass = 0;
        while (!classes.members().get(workerClass).contains(worker)) {
            workerClass++;
        }
        return workerClass;
    }
}
