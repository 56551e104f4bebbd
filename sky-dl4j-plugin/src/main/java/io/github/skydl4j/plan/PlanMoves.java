package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small changes of a plan, drawn at random. They may not fit in memory. Confined to one thread. */
final class PlanMoves {

    private static final int MOST_SHIFT = 3;

    private final CostModel costs;
    private final Random random;

    PlanMoves(CostModel costs, Random random) {
        this.costs = costs;
        this.random = random;
    }

    /** A plan that differs a little; empty where the change drawn is impossible. */
    List<StagePlan> of(List<StagePlan> plan) {
        int kind = random.nextInt(20);
        if (kind < 8) {
            return shiftBetween(plan, false);
        } else if (kind < 12) {
            return shiftBetween(plan, true);
        } else if (kind < 16) {
            return exchange(plan);
        } else if (kind < 18) {
            return replace(plan);
        }
        return kind == 18 ? merge(plan) : split(plan);
    }

    /** Moves units from one stage to another; those between keep their number of units. */
    private List<StagePlan> shiftBetween(List<StagePlan> plan, boolean far) {
        if (plan.size() < 2) {
            return List.of();
        }
        int first = random.nextInt(plan.size() - 1);
        int last = far ? first + 1 + random.nextInt(plan.size() - 1 - first) : first + 1;
        int shift = (1 + random.nextInt(MOST_SHIFT)) * (random.nextBoolean() ? 1 : -1);
        return shifted(plan, first, last, shift);
    }

    private static List<StagePlan> shifted(List<StagePlan> plan, int first, int last, int shift) {
        if (plan.get(first).units() + shift <= 0 || plan.get(last).units() - shift <= 0) {
            return List.of();
        }
        List<StagePlan> stages = new ArrayList<>(plan);
        for (int i = first; i <= last; i++) {
            StagePlan old = plan.get(i);
            int start = old.firstUnit() + (i == first ? 0 : shift);
            int end = old.endUnit() + (i == last ? 0 : shift);
            stages.set(i, new StagePlan(old.worker(), start, end));
        }
        return stages;
    }

    /** Two stages change workers; at times the first keeps about its time rather than its units. */
    private List<StagePlan> exchange(List<StagePlan> plan) {
        if (plan.size() < 2) {
            return List.of();
        }
        int first = random.nextInt(plan.size() - 1);
        int last = first + 1 + random.nextInt(plan.size() - 1 - first);
        List<StagePlan> stages = new ArrayList<>(plan);
        StagePlan front = plan.get(first);
        StagePlan back = plan.get(last);
        stages.set(first, new StagePlan(back.worker(), front.firstUnit(), front.endUnit()));
        stages.set(last, new StagePlan(front.worker(), back.firstUnit(), back.endUnit()));
        if (random.nextBoolean()) {
            int shift = unitsInTheSameTime(back.worker(), front) - front.units();
            return shift == 0 ? stages : shifted(stages, first, last, shift);
        }
        return stages;
    }

    /** How many units from the stage's first on the worker does in the time of the stage, about. */
    private int unitsInTheSameTime(int worker, StagePlan stage) {
        double time = costs.compute(stage.worker(), stage.firstUnit(), stage.endUnit());
        double other = costs.compute(worker, stage.firstUnit(), stage.endUnit());
        return Math.max(1, (int) Math.round(stage.units() * time / other));
    }

    private List<StagePlan> replace(List<StagePlan> plan) {
        List<Integer> spare = spare(plan);
        if (spare.isEmpty()) {
            return List.of();
        }
        int i = random.nextInt(plan.size());
        List<StagePlan> stages = new ArrayList<>(plan);
        StagePlan old = plan.get(i);
        stages.set(i, new StagePlan(spare.get(random.nextInt(spare.size())), old.firstUnit(), old.endUnit()));
        return stages;
    }

    /** A stage's units go to its neighbours. */
    private List<StagePlan> merge(List<StagePlan> plan) {
        if (plan.size() < 2) {
            return List.of();
        }
        int i = random.nextInt(plan.size());
        StagePlan gone = plan.get(i);
        int cut = i == 0
                ? gone.firstUnit()
                : i == plan.size() - 1 ? gone.endUnit() : gone.firstUnit() + random.nextInt(gone.units() + 1);
        List<StagePlan> stages = new ArrayList<>(plan);
        if (i > 0) {
            StagePlan front = plan.get(i - 1);
            stages.set(i - 1, new StagePlan(front.worker(), front.firstUnit(), cut));
        }
        if (i < plan.size() - 1) {
            StagePlan back = plan.get(i + 1);
            stages.set(i + 1, new StagePlan(back.worker(), cut, back.endUnit()));
        }
        stages.remove(i);
        return stages;
    }

    /** A stage gives some of its units to a worker that has none. */
    private List<StagePlan> split(List<StagePlan> plan) {
        List<Integer> spare = spare(plan);
        int i = random.nextInt(plan.size());
        StagePlan whole = plan.get(i);
        if (spare.isEmpty() || whole.units() < 2) {
            return List.of();
        }
        int cut = whole.firstUnit() + 1 + random.nextInt(whole.units() - 1);
        int worker = spare.get(random.nextInt(spare.size()));
        boolean front = random.nextBoolean();
        List<StagePlan> stages = new ArrayList<>(plan);
        stages.set(i, new StagePlan(front ? worker : whole.worker(), whole.firstUnit(), cut));
        stages.add(i + 1, new StagePlan(front ? whole.worker() : worker, cut, whole.endUnit()));
        return stages;
    }

    private List<Integer> spare(List<StagePlan> plan) {
        boolean[] used = new boolean[costs.workers()];
        plan.forEach(stage -> used[stage.worker()] = true);
        return IntStream.range(0, used.length).filter(w -> !used[w]).boxed().toList();
    }
}
