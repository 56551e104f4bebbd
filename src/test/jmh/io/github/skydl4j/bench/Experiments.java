package io.github.skydl4j.bench;

import java.util.List;
import java.util.Optional;

/** The experiments on offer. */
final class Experiments {
    private static final List<Experiment> ALL = List.of(
            new PaperExperiment(),
            new ScaleExperiment(),
            new SmallExperiment(),
            new LinksExperiment(),
            new SingleExperiment(),
            new PlannerExperiment(),
            new ChannelExperiment(),
            new BlockExperiment());

    private Experiments() {}

    static List<Experiment> all() {
        return ALL;
    }

    static Optional<Experiment> byName(String name) {
        return ALL.stream()
                .filter(experiment -> experiment.brief().name().equals(name))
                .findFirst();
    }
}
