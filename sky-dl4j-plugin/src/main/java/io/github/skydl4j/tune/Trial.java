package io.github.skydl4j.tune;

import io.github.skydl4j.plan.PlanRequest;
import java.time.Duration;

/** Runs candidates on the workers themselves. Called by one thread at a time, not always the same. */
@FunctionalInterface
public interface Trial {

    /**
     * A short run.
     *
     * @param order what the order of work is made from: the units, for the request's micro-batches, and the workers
     * @param limit when to stop; a step that has begun by then may end
     * @throws RuntimeException if the candidate cannot run, such as a worker that is lost: the search notes it and goes on
     */
    Measurement run(TrialPlan plan, PlanRequest order, Duration limit);
}
