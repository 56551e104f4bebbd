package io.github.skydl4j.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sky profile}. */
@Command(
        name = "profile",
        description = "Measure the model's units on this machine, for \"sky plan\".",
        sortOptions = false)
final class ProfileCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--out", required = true, paramLabel = "FILE.json", description = "Where the measured units go.")
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
        Path target = Objects.requireNonNull(file, "picocli calls a command only with its required options");
        RunConfig config = options.read();
        OutputFile.requireWritable("--out", target);
        TextTask task = TextTask.load(config);
        Narrator narrator = new Narrator(out);
        narrator.data(task);
        ComputationGraph network = task.network();
        narrator.model(task, network.params().length());
        ModelProfile profile = ModelProfile.measure(task, network);
        ProfileFile.write(target, profile);
        narrator.wrote(profile.units().size() + " measured units", target);
        return 0;
    }
}
