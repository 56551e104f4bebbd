package io.github.skydl4j.profile;

import java.util.List;

/**
 * What was measured on a run of units.
 *
 * @param sumNanos of a parameter, to add a micro-batch's gradient to those before
 * @param updateNanos of a parameter, once a step
 */
record RunCosts(List<String> units, UnitTimes times, StageMemoryUse memory, double sumNanos, double updateNanos) {}
