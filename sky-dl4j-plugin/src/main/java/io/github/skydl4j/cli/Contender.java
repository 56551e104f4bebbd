package io.github.skydl4j.cli;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import java.util.Optional;

/**
 * What one planner makes of a request. Immutable.
 *
 * @param problem why there is no allocation; empty if there is one
 */
record Contender(String planner, Optional<Allocation> allocation, String problem) {
    static Contender of(Planner planner, PlanRequest request) {
        try {
            return new Contender(planner.name(), Optional.of(planner.plan(request)), "");
        } catch (InfeasiblePlanException e) {
            return new Contender(planner.name(), Optional.empty(), String.valueOf(e.getMessage()));
        }
    }
}
