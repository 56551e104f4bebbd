package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Equal numbers of units, in the given order of workers; the first workers take the remainder. Blind to speed and
 * memory: the baseline of Sky Computing (arXiv 2202.11836).
 */
public final class EvenPlanner implements Planner {

    @Override
    public String name() {
        return "even";
    }

    @Override
    public Allocation plan(PlanRequest request) {
        int[] cuts = cuts(request.units().size(), request.cluster().size());
        return Appraisal.of(new CostModel(request), name(), stages(cuts), 0, 0, List.of());
    }

    /** Where the even stages begin, and the end of the last. */
    static int[] cuts(int units, int workers) {
        int stages = Math.min(units, workers);
        int[] cuts = new int[stages + 1];
        for (int i = 0; i < stages; i++) {
            cuts[i + 1] = cuts[i] + units / stages + (i < units % stages ? 1 : 0);
        }
        return cuts;
    }

    /** Stage i on worker i between the cuts; empty ones are left out. */
    static List<StagePlan> stages(int[] cuts) {
        List<StagePlan> stages = new ArrayList<>();
        for (int i = 0; i + 1 < cuts.length; i++) {
            if (cuts[i] < cuts[i + 1]) {
                stages.add(new StagePlan(i, cuts[i], cuts[i + 1]));
            }
        }
        return stages;
    }
}
