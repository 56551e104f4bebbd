package io.github.skydl4j.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sky bench}: runs a named experiment, and puts its table and plot into {@code docs}. */
@Command(
        name = "sky bench",
        description = "Run a named experiment and show its results beside what cannot be beaten.",
        sortOptions = false)
public final class SkyBench implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int WRONG_INPUT = 2;
    private static final String LOG_CONFIGURATION = "log4j2.configurationFile";

    private final PrintStream out;
    private final PrintStream err;
    private final Path home;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The experiment, one of those below.")
    private @Nullable String name;

    @Option(names = "--report", paramLabel = "FILE.json", description = "Write the results as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "How often to measure each setting; medians are shown.")
    private @Nullable Integer repeats;

    @Option(names = "--no-docs", description = "Leave docs/benchmarks.md and its plots as they are.")
    private boolean noDocs;

    @Option(names = "--verbose", description = "Show where an error came from.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    private SkyBench(PrintStream out, PrintStream err, Path home) {
        this.out = out;
        this.err = err;
        this.home = home;
    }

    /** Runs the command and ends the JVM with its exit code; the system property {@code sky.home} names the clone. */
    public static void main(String[] args) {
        if (System.getProperty(LOG_CONFIGURATION) == null) {
            System.setProperty(LOG_CONFIGURATION, "classpath:io/github/skydl4j/cli/log4j2.xml");
        }
        System.exit(run(System.out, System.err, Path.of(System.getProperty("sky.home", ".")), args));
    }

    /**
     * Runs the command.
     *
     * @return 0, or 1 after a failure, or 2 for a wrong name or option
     */
    static int run(PrintStream out, PrintStream err, Path home, String... args) {
        SkyBench bench = new SkyBench(out, err, home);
        CommandLine line = new CommandLine(bench)
                .setUsageHelpWidth(120)
                .setOut(new PrintWriter(out, true, Charset.defaultCharset()))
                .setErr(new PrintWriter(err, true, Charset.defaultCharset()))
                .setParameterExceptionHandler((e, unused) -> bench.refuse(e))
                .setExecutionExceptionHandler((e, command, result) -> bench.fail(e));
        line.getCommandSpec().usageMessage().footer(footer());
        return line.execute(args);
    }

    private static String[] footer() {
        String list = Experiments.all().stream()
                .map(experiment -> "  %-8s %s (%d s)%n"
                        .formatted(
                                experiment.brief().name(),
                                experiment.brief().purpose(),
                                experiment.brief().expected().toSeconds()))
                .collect(Collectors.joining());
        return ("%nExperiments, and how long they take on two cores:%n".formatted() + list).split("\\R");
    }

    @Override
    public Integer call() throws Exception {
        if (name == null) {
            Objects.requireNonNull(spec).commandLine().usage(out);
            return 0;
        }
        Experiment experiment = Experiments.byName(name)
                .orElseThrow(() -> new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        "NAME: found \"" + name + "\", allowed are "
                                + Experiments.all().stream()
                                        .map(known -> known.brief().name())
                                        .collect(Collectors.joining(", "))));
        if (repeats != null && repeats < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--repeats: found " + repeats + ", must be at least 1");
        }
        requireWritable();
        out.printf(
                "%s: %s%nabout %d s, given up after %d s%n",
                experiment.brief().name(),
                experiment.brief().purpose(),
                experiment.brief().expected().toSeconds(),
                experiment.brief().limit().toSeconds());
        write(measure(experiment));
        return 0;
    }

    private void requireWritable() {
        if (report == null) {
            return;
        }
        Path folder = Objects.requireNonNull(report.toAbsolutePath().getParent(), "a file has a folder");
        if (Files.isDirectory(report) || !Files.isWritable(Files.exists(report) ? report : folder)) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--report: found " + report + ", expected a file that can be written");
        }
    }

    /** Runs the experiment on a thread of its own, so that it can be given up. */
    private BenchReport measure(Experiment experiment) throws Exception {
        Console console = new Console(out);
        int times = repeats == null ? experiment.brief().repeats() : repeats;
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, "sky-bench");
            made.setDaemon(true);
            return made;
        });
        try {
            Findings findings = thread.submit(() -> experiment.run(console, times))
                    .get(experiment.brief().limit().toNanos(), TimeUnit.NANOSECONDS);
            Duration taken = console.elapsed();
            return new BenchReport(experiment.brief().name(), times, Machine.here(home), taken.toSeconds(), findings);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    experiment.brief().name() + " has not ended within "
                            + experiment.brief().limit().toSeconds() + " s: is the machine busy with something else?",
                    e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            thread.shutdownNow();
        }
    }

    private void write(BenchReport done) throws IOException {
        String plot = "bench-" + done.experiment() + ".svg";
        MarkdownTable.lines(done, plot).forEach(out::println);
        if (report != null) {
            done.write(report);
        }
        Path docs = home.resolve("docs");
        if (!noDocs && Files.isDirectory(docs)) {
            PlotFile.write(done.findings().plot(), docs.resolve(plot));
            new BenchmarksPage(docs.resolve("benchmarks.md"))
                    .replace(done.experiment(), MarkdownTable.lines(done, plot));
            out.println("docs/benchmarks.md and docs/" + plot + " hold these results now");
        }
    }

    private int refuse(ParameterException e) {
        err.println("sky: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                + " (./sky bench --help lists what is allowed)");
        return WRONG_INPUT;
    }

    private int fail(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        err.println("sky: failed: " + message.strip().replaceAll("\\s*\\R\\s*", " ") + " (--verbose shows where)");
        if (verbose) {
            e.printStackTrace(err);
        }
        return FAILED;
    }
}
