package io.github.skydl4j.bench;

import java.time.Duration;

/** A named experiment behind {@code sky bench NAME}. */
interface Experiment {
    String name();

    /** One line for the list of experiments. */
    String purpose();

    /** How long it takes on two cores. */
    Duration expected();

    /** After how long it is given up. */
    Duration limit();

    /** How often each of its settings is measured if nobody says otherwise. */
    int repeats();

    /** Does the work; {@code console} follows it. */
    Findings run(Console console, int repeats) throws Exception;
}
