package io.github.skydl4j.plan;

/**
 * What a planner may do and should aim at. Immutable.
 *
 * @param objective what counts
 * @param freeOrder whether workers may be put in any order; otherwise the stages follow the order of the cluster
 * @param headRoom the share of every worker's memory that stays free, 0 to below 1
 * @param scratchBytes what a worker needs besides parameters, state and activations
 */
public record PlanOptions(Objective objective, boolean freeOrder, double headRoom, long scratchBytes) {

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
    }

    /** The shortest step, workers in any order, all of their memory. */
    public static PlanOptions defaults() {
        return new PlanOptions(Objective.STEP, true, 0, 0);
    }

    public PlanOptions withObjective(Objective value) {
        return new PlanOptions(value, freeOrder, headRoom, scratchBytes);
    }

    public PlanOptions withFreeOrder(boolean value) {
        return new PlanOptions(objective, value, headRoom, scratchBytes);
    }

    public PlanOptions withHeadRoom(double value) {
        return new PlanOptions(objective, freeOrder, value, scratchBytes);
    }

    public PlanOptions withScratchBytes(long value) {
        return new PlanOptions(objective, freeOrder, headRoom, value);
    }
}
