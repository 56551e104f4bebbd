package io.github.skydl4j.bench;

import java.time.Duration;

/** A named experiment behind {@code sky bench NAME}. */
interface Experiment {
    /**
     * What people are told of an experiment before it runs.
     *
     * @param purpose one line for the list of experiments
     * @param expected how long it takes on two cores
     * @param limit after how long it is given up
     * @param repeats how often each of its settings is measured if nobody says otherwise
     */
    record Brief(String name, String purpose, Duration expected, Duration limit, int repeats) {}

    Brief brief();

    /** Does the work; {@code console} follows it. */
    Findings run(Console console, int repeats) throws Exception;
}
