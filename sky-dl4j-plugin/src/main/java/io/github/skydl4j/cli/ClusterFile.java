package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.WireType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file with nothing but {@code workers}. */
final class ClusterFile {
    private ClusterFile() {}

    /**
     * The workers of the file.
     *
     * @param wire of all links, beside what the file says
     * @throws ConfigException for the first thing in the file that cannot be used
     */
    static List<Worker> read(Path file, WireType wire) {
        if (!Files.exists(file)) {
            throw new ConfigException("--cluster: there is no file " + file
                    + ": name one with workers in it, such as config-templates/cluster-laptops.yaml");
        }
        Settings settings = Settings.read(file, List.of());
        List<Section> sections = settings.root().sections("workers");
        List<Worker> workers = WorkerConfig.read(sections, 0, wire);
        settings.rejectUnknownKeys();
        if (workers.isEmpty()) {
            throw settings.root().error("workers", "found none, expected a list such as [{name: laptop, slowdown: 2}]");
        }
        return workers;
    }
}
