package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file with nothing but {@code workers}. */
final class ClusterFile {
    private ClusterFile() {}

    /** Throws a {@link ConfigException} for the first thing in the file that cannot be used. */
    static List<Worker> read(Path file) {
        if (!Files.exists(file)) {
            throw new ConfigException("--cluster: there is no file " + file
                    + ": name one with workers in it, such as config-templates/cluster-laptops.yaml");
        }
        Settings settings = Settings.read(file, List.of());
        List<Section> sections = settings.root().sections("workers");
        List<Worker> workers = WorkerConfig.read(sections, 0);
        settings.rejectUnknownKeys();
        if (workers.isEmpty()) {
            throw settings.root().error("workers", "found none, expected a list such as [{name: laptop, slowdown: 2}]");
        }
        return workers;
    }
}
