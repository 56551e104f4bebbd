package io.github.skydl4j.plan;

import java.util.Arrays;
import java.util.List;

/**
 * The heuristic "dynamic" of Sky Computing (arXiv 2202.11836, section 4), for comparison. From an even split in the
 * given order of workers it first moves cuts until every worker's memory suffices, then, for at most 1,000 rounds,
 * lets every worker whose load is below the average take one unit from the next.
 *
 * <p>As published, devices are compared by their forward time only, links are not seen, and workers are never
 * reordered or left out. Its rule for giving a unit back asks for a load both below and above the average and so
 * never applies; it is therefore not here. Memory is counted with one micro-batch in flight.
 */
public final class PaperPlanner implements Planner {

    private static final int ROUNDS = 1000;

    @Override
    public String name() {
        return "paper";
    }

    @Override
    public Allocation plan(PlanRequest request) {
        CostModel costs = new CostModel(request);
        int[] cuts = EvenPlanner.cuts(costs.units(), costs.workers());
        fitMemory(costs, cuts);
        balance(costs, cuts);
        return Appraisal.of(costs, name(), EvenPlanner.stages(cuts), 0, 0, List.of());
    }

    private static void fitMemory(CostModel costs, int[] cuts) {
        for (int round = 0; round < ROUNDS && !allFit(costs, cuts); round++) {
            int[] before = cuts.clone();
            for (int stage = 0; stage + 2 < cuts.length && !allFit(costs, cuts); stage++) {
                shrink(costs, cuts, stage);
                grow(costs, cuts, stage);
            }
            if (Arrays.equals(before, cuts)) {
                return;
            }
        }
    }

    private static void shrink(CostModel costs, int[] cuts, int stage) {
        while (!fits(costs, cuts, stage) && cuts[stage + 1] - cuts[stage] > 1 && !allFit(costs, cuts)) {
            cuts[stage + 1]--;
        }
    }

    private static void grow(CostModel costs, int[] cuts, int stage) {
        while (cuts[stage + 2] - cuts[stage + 1] > 1 && hasRoom(costs, cuts, stage) && !allFit(costs, cuts)) {
            cuts[stage + 1]++;
        }
    }

    private static void balance(CostModel costs, int[] cuts) {
        for (int round = 0; round < ROUNDS; round++) {
            int[] before = cuts.clone();
            double average = averageLoad(costs, cuts);
            for (int stage = 0; stage + 2 < cuts.length; stage++) {
                if (load(costs, cuts, stage) < average
                        && cuts[stage + 2] - cuts[stage + 1] > 1
                        && hasRoom(costs, cuts, stage)) {
                    cuts[stage + 1]++;
                }
            }
            if (Arrays.equals(before, cuts)) {
                return;
            }
        }
    }

    private static double averageLoad(CostModel costs, int[] cuts) {
        double sum = 0;
        for (int stage = 0; stage + 1 < cuts.length; stage++) {
            sum += load(costs, cuts, stage);
        }
        return Math.floor(sum / (cuts.length - 1));
    }

    private static double load(CostModel costs, int[] cuts, int stage) {
        return costs.forward(stage, cuts[stage], cuts[stage + 1]);
    }

    private static boolean hasRoom(CostModel costs, int[] cuts, int stage) {
        return costs.bytes(cuts[stage], cuts[stage + 1] + 1, 1) < costs.usableBytes(stage);
    }

    private static boolean fits(CostModel costs, int[] cuts, int stage) {
        return costs.fits(stage, cuts[stage], cuts[stage + 1], 1);
    }

    private static boolean allFit(CostModel costs, int[] cuts) {
        for (int stage = 0; stage + 1 < cuts.length; stage++) {
            if (!fits(costs, cuts, stage)) {
                return false;
            }
        }
        return true;
    }
}
