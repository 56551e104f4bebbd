package io.github.skydl4j.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the options of {@code sky train} say about workers in other processes. */
final class ClusterChoice {
    @Option(
            names = "--spawn",
            paramLabel = "N",
            description = {
                "Start N worker processes on this machine, with the names, slowdowns and memory limits",
                "of the file's workers, and train on them."
            })
    private @Nullable Integer spawn;

    @Option(names = "--resume", description = "Go on from the last snapshot in cluster.snapshot.dir.")
    private boolean resume;

    /** How many workers to start; 0 for none. */
    int spawn() {
        if (spawn == null) {
            return 0;
        }
        if (spawn < 1) {
            throw new ConfigException("--spawn: found " + spawn + ", expected a whole number, at least 1");
        }
        return spawn;
    }

    boolean resume() {
        return resume;
    }
}
