package io.github.skydl4j.tune;

import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StagePlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Stages under change: workers in order and how many units each has. Every change leaves stages of at least one unit that
 * cover the model, and no worker with two; an owner of both ends keeps them. Confined to one thread.
 */
final class StageOrder {
    private final List<Integer> workers;
    private final List<Integer> units;

    private StageOrder(List<Integer> workers, List<Integer> units) {
        this.workers = new ArrayList<>(workers);
        this.units = new ArrayList<>(units);
    }

    static StageOrder of(TrialPlan plan) {
        return new StageOrder(
                plan.workers(), plan.stages().stream().map(StagePlan::units).toList());
    }

    /** The workers in this order, with work in proportion to their speed; not more of them than there are units. */
    static StageOrder proportional(PlanRequest request, List<Integer> workers) {
        double speed = workers.stream()
                .mapToDouble(worker -> 1 / request.cluster().worker(worker).slowness())
                .sum();
        double work = request.units().stream()
                .mapToDouble(unit -> unit.forwardNanos() + unit.backwardNanos())
                .sum();
        List<Integer> units = new ArrayList<>();
        int next = 0;
        double left = 0;
        for (int w = 0; w < workers.size(); w++) {
            left += work / speed / request.cluster().worker(workers.get(w)).slowness();
            int latest = request.units().size() - (workers.size() - 1 - w);
            int first = next;
            while (next < latest && (next == first || left > nanos(request, next) / 2 || w == workers.size() - 1)) {
                left -= nanos(request, next++);
            }
            units.add(next - first);
        }
        return new StageOrder(workers, units);
    }

    List<Integer> workers() {
        return List.copyOf(workers);
    }

    /** For each stage the unit behind its last. */
    List<Integer> ends() {
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (int count : units) {
            end += count;
            ends.add(end);
        }
        return ends;
    }

    List<StagePlan> stages() {
        List<StagePlan> stages = new ArrayList<>();
        int first = 0;
        for (int s = 0; s < workers.size(); s++) {
            stages.add(new StagePlan(workers.get(s), first, first + units.get(s)));
            first += units.get(s);
        }
        return stages;
    }

    /** Another worker for a stage. */
    void host(int stage, int worker) {
        workers.set(stage, worker);
    }

    /**
     * Leaves the worker out if it takes part, else takes it in at the place, modulo the stages, with the units that its
     * neighbour can spare.
     */
    void toggle(int worker, int place) {
        int stage = workers.indexOf(worker);
        if (stage < 0) {
            takeIn(worker, firstFree() + place % (free() + 1));
        } else if (stage >= firstFree() && free() > 1) {
            leaveOut(stage);
        }
    }

    /** Exchanges the workers of a stage and the next, modulo the stages. */
    void swap(int stage) {
        Collections.swap(workers, firstFree() + stage % free(), firstFree() + (stage + 1) % free());
    }

    /** Moves the cut behind a stage, modulo the cuts, by so many units, or as far as it can go. */
    void shift(int cut, int by) {
        if (workers.size() == 1) {
            return;
        }
        int before = cut % (workers.size() - 1);
        int moved = Math.max(1 - units.get(before), Math.min(by, units.get(before + 1) - 1));
        units.set(before, units.get(before) + moved);
        units.set(before + 1, units.get(before + 1) - moved);
    }

    private int firstFree() {
        return TrialPlan.hasSharedEnds(workers) ? 1 : 0;
    }

    /** Stages that may be on other workers. */
    private int free() {
        return workers.size() - 2 * firstFree();
    }

    private void leaveOut(int stage) {
        int freed = units.remove(stage);
        workers.remove(stage);
        int before = Math.max(0, stage - 1);
        int behind = Math.min(workers.size() - 1, stage);
        units.set(before, units.get(before) + freed / 2);
        units.set(behind, units.get(behind) + freed - freed / 2);
    }

    private void takeIn(int worker, int place) {
        int neighbour = Math.min(place, workers.size() - 1);
        int spared = units.get(neighbour) / 2;
        if (spared == 0) {
            return;
        }
        units.set(neighbour, units.get(neighbour) - spared);
        units.add(place, spared);
        workers.add(place, worker);
    }

    private static double nanos(PlanRequest request, int unit) {
        return request.units().get(unit).forwardNanos()
                + (double) request.units().get(unit).backwardNanos();
    }
}
