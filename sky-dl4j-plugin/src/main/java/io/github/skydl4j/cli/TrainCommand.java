package io.github.skydl4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sky train}. */
@Command(
        name = "train",
        aliases = "coordinator",
        description = "Train a BERT on labelled sentences, across unequal workers.",
        sortOptions = false)
final class TrainCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Mixin
    private final ClusterChoice cluster = new ClusterChoice();

    @Option(
            names = "--report",
            paramLabel = "FILE.json",
            description = "Write plan, times, losses and accuracy as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--save",
            paramLabel = "FILE.zip",
            description = "Write the trained network, and beside it its vocabulary.")
    private @Nullable Path save;

    @Mixin
    private final WatchOptions watch = new WatchOptions();

    @Option(names = "--quiet", description = "Print nothing but errors.")
    private boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    private final PrintStream out;

    TrainCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        RunConfig config = options.read().withOutputs(report, save);
        watch.trace().ifPresent(file -> OutputFile.requireWritable("--trace", file));
        PrintStream shown =
                quiet ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) : out;
        try (RunWatch opened = RunWatch.open(watch, new Narrator(shown))) {
            new TrainRun(config, cluster, shown, opened.monitor()).run();
        }
        return 0;
    }
}
