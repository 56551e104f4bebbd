package io.github.skydl4j.plan;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a planner may do and should aim at. Immutable.
 *
 * @param objective what counts
 * @param freeOrder whether workers may be put in any order; otherwise the stages follow the order of the cluster
 * @param headRoom the share of every worker's memory that stays free, 0 to below 1
 * @param scratchBytes what a worker needs besides parameters, state and activations
 * @param microBatchChoices numbers of micro-batches that the exact planner may choose from; empty for the requested one
 * @param fixedShare the share of a unit's time at the requested number of micro-batches that does not shrink when the
 *     step is cut into more and so smaller ones, 0 to 1
 * @param pins units that must be on given workers; all planners check them, the exact planner plans with them
 * @param owner the worker that holds the first and the last stage, such as one that keeps inputs and labels to itself:
 *     two stages with those of others between, or all units; all planners check it, the exact planner plans with it
 */
public record PlanOptions(
        Objective objective,
        boolean freeOrder,
        double headRoom,
        long scratchBytes,
        List<Integer> microBatchChoices,
        double fixedShare,
        List<Pin> pins,
        OptionalInt owner) {

    /** What a planner minimises. */
    public enum Objective {
        /** The longest time that a stage or link is occupied by one micro-batch. */
        BOTTLENECK,
        /** The predicted step with the requested schedule and micro-batches. */
        STEP
    }

    public PlanOptions {
        if (!(headRoom >= 0 && headRoom < 1)) {
            throw new IllegalArgumentException("headRoom is " + headRoom + ": it must be at least 0 and below 1");
        }
        if (scratchBytes < 0) {
            throw new IllegalArgumentException("scratchBytes is " + scratchBytes + ", below 0");
        }
        if (!(fixedShare >= 0 && fixedShare <= 1)) {
            throw new IllegalArgumentException("fixedShare is " + fixedShare + ": it must be between 0 and 1");
        }
        pins = List.copyOf(pins);
        if (owner.isPresent() && owner.getAsInt() < 0) {
            throw new IllegalArgumentException("owner is worker " + owner.getAsInt() + ", below 0");
        }
        microBatchChoices = microBatchChoices.stream().distinct().sorted().toList();
        if (!microBatchChoices.isEmpty() && microBatchChoices.get(0) < 1) {
            throw new IllegalArgumentException(
                    "microBatchChoices has " + microBatchChoices.get(0) + ": a step needs at least 1");
        }
    }

    /** The shortest step, workers in any order, all of their memory, the requested micro-batches. */
    public static PlanOptions defaults() {
        return new PlanOptions(Objective.STEP, true, 0, 0, List.of(), 0, List.of(), OptionalInt.empty());
    }

    public PlanOptions withObjective(Objective value) {
        return new PlanOptions(value, freeOrder, headRoom, scratchBytes, microBatchChoices, fixedShare, pins, owner);
    }

    public PlanOptions withFreeOrder(boolean value) {
        return new PlanOptions(objective, value, headRoom, scratchBytes, microBatchChoices, fixedShare, pins, owner);
    }

    public PlanOptions withHeadRoom(double value) {
        return new PlanOptions(objective, freeOrder, value, scratchBytes, microBatchChoices, fixedShare, pins, owner);
    }

    public PlanOptions withScratchBytes(long value) {
        return new PlanOptions(objective, freeOrder, headRoom, value, microBatchChoices, fixedShare, pins, owner);
    }

    /** Lets the planner choose among these numbers of micro-batches; see the record's parameters. */
    public PlanOptions withMicroBatchChoices(List<Integer> choices, double fixed) {
        return new PlanOptions(objective, freeOrder, headRoom, scratchBytes, choices, fixed, pins, owner);
    }

    public PlanOptions withPins(List<Pin> value) {
        return new PlanOptions(
                objective, freeOrder, headRoom, scratchBytes, microBatchChoices, fixedShare, value, owner);
    }

    /** Gives the first and the last stage to this worker. */
    public PlanOptions withOwner(int worker) {
        return new PlanOptions(
                objective,
                freeOrder,
                headRoom,
                scratchBytes,
                microBatchChoices,
                fixedShare,
                pins,
                OptionalInt.of(worker));
    }
}
