package io.github.skydl4j.plan;

import java.util.List;

/**
 * Work in proportion to speed, in the given order of workers: each cut is where the share of the work before it comes
 * closest to the share of the speed before it. Blind to memory and links; the obvious heuristic.
 */
public final class ProportionalPlanner implements Planner {

    @Override
    public String name() {
        return "proportional";
    }

    @Override
    public Allocation plan(PlanRequest request) {
        return Appraisal.of(new CostModel(request), name(), EvenPlanner.stages(cuts(request)), 0, 0, List.of());
    }

    private static int[] cuts(PlanRequest request) {
        double speed = 0;
        for (WorkerProfile worker : request.cluster().workers()) {
            speed += 1 / worker.slowness();
        }
        double work =
                request.units().stream().mapToDouble(ProportionalPlanner::nanos).sum();
        int[] cuts = new int[request.cluster().size() + 1];
        double share = 0;
        double done = 0;
        for (int i = 0; i < request.cluster().size(); i++) {
            share += work / speed / request.cluster().worker(i).slowness();
            int cut = cuts[i];
            while (cut < request.units().size() && done + nanos(request.units().get(cut)) / 2 <= share) {
                done += nanos(request.units().get(cut++));
            }
            cuts[i + 1] = cut;
        }
        cuts[request.cluster().size()] = request.units().size();
        return cuts;
    }

    private static double nanos(UnitProfile unit) {
        return (double) unit.forwardNanos() + unit.backwardNanos();
    }
}
