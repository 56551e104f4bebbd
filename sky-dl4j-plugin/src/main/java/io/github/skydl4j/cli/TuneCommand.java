package io.github.skydl4j.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sky tune}. Loads without Arbiter, to say that it is missing. */
@Command(
        name = "tune",
        description = {
            "Find a faster allocation by short runs on the workers, and write a configuration with it.",
            "Started again after it was killed, it goes on where it was."
        },
        sortOptions = false)
final class TuneCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Mixin
    private final TuneOrder order = new TuneOrder();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    private final PrintStream out;

    TuneCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        OptionalLibrary.ARBITER.require("sky tune");
        new TuneRun(options.read(), options.settings(), order, out).run();
        return 0;
    }
}
