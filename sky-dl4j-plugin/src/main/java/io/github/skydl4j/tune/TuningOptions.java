package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Planner;
import java.time.Duration;

/**
 * How a search goes. Immutable.
 *
 * @param planner whose plan is the one to beat
 * @param recompute whether that plan's stages compute activations again
 * @param search what may change
 * @param generator how simulated candidates are drawn
 * @param candidates how many run at most, the plan included
 * @param simulated how many are simulated in each round at most
 * @param patience after how many runs in a row that were not better the search ends
 * @param repeats how often the best few, and the plan, run again at the end
 * @param budget time for all of it
 * @param longestRun time for one run
 */
record TuningOptions(
        Planner planner,
        boolean recompute,
        SearchSpace search,
        Generator generator,
        int candidates,
        int simulated,
        int patience,
        int repeats,
        Duration budget,
        Duration longestRun,
        long seed) {

    TuningOptions {
        requireAtLeast("candidates", candidates, 1);
        requireAtLeast("simulated", simulated, 1);
        requireAtLeast("patience", patience, 1);
        requireAtLeast("repeats", repeats, 0);
        requirePositive("budget", budget);
        requirePositive("longestRun", longestRun);
    }

    private static void requireAtLeast(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " is " + value + ": it must be at least " + least);
        }
    }

    private static void requirePositive(String what, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(what + " is " + value + ": it must be above 0");
        }
    }
}
