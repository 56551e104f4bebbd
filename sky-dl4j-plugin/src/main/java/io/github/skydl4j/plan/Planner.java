package io.github.skydl4j.plan;

/**
 * Turns profiles into an allocation. Implementations are pure: the same request gives the same allocation, on any
 * machine. Thread-safe.
 */
public interface Planner {

    /** The name used in configurations and reports. */
    String name();

    /**
     * An allocation that keeps to every worker's memory.
     *
     * @throws InfeasiblePlanException if this planner finds none
     */
    Allocation plan(PlanRequest request);
}
