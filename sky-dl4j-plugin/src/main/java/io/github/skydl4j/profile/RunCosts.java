package io.github.skydl4j.profile;

import java.util.List;

/** What was measured on a run of units. */
record RunCosts(List<String> units, StepRehearsal steps, StageMemoryUse memory) {}
