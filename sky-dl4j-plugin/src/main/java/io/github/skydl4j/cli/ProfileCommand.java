package io.github.skydl4j.cli;

import io.github.skydl4j.profile.ProfileStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sky profile}. */
@Command(
        name = "profile",
        description = "Measure the model's units on this machine, for \"sky train\" and \"sky plan\".",
        sortOptions = false)
final class ProfileCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE.json",
            description =
                    "Write the measured units here too; they always go to profile.cache, where train and plan look.")
    private @Nullable Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    private final PrintStream out;

    ProfileCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        RunConfig config = options.read();
        if (file != null) {
            OutputFile.requireWritable("--out", file);
        }
        TextTask task = TextTask.load(config);
        Narrator narrator = new Narrator(out);
        narrator.data(task);
        ComputationGraph network = task.network();
        narrator.model(task, network.params().length());
        ProfileStore.Found found = new TaskProfile(task).measure(network);
        narrator.profiled(found.origin());
        if (file != null) {
            ProfileStore.write(file, found.profile());
            narrator.wrote(found.profile().units().size() + " measured units", file);
        }
        return 0;
    }
}
