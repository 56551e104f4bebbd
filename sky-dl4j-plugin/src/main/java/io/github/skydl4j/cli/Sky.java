package io.github.skydl4j.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of Sky-DL4J. */
@Command(
        name = "sky",
        description = "Train Deeplearning4j networks as a pipeline across unequal workers.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Sky.Version.class,
        footer = {
            "",
            "Example:",
            "  ./sky train config-templates/quickstart.yaml --set training.epochs=1 --report report.json",
            "  ./sky plan config-templates/quickstart.yaml --cluster config-templates/cluster-laptops.yaml",
            "  ./sky tune config-templates/quickstart.yaml --budget 5m --out tuned.yaml",
            "",
            "./sky COMMAND --help lists the options of a command."
        })
public final class Sky implements Runnable {
    private static final int HELP_WIDTH = 100;
    private static final String LOG_CONFIGURATION = "log4j2.configurationFile";

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the log, and where an error came from.")
    private boolean verbose;

    private Sky(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the command line and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs the command line.
     *
     * @return 0, or 1 after a failure, or 2 where the command, the configuration or the data is at fault
     */
    static int run(PrintStream out, PrintStream err, String... args) {
        Sky sky = new Sky(out, err);
        CommandLine line = new CommandLine(sky)
                .addSubcommand(new TrainCommand(out))
                .addSubcommand(new PlanCommand(out, err))
                .addSubcommand(new ProfileCommand(out))
                .addSubcommand(new TuneCommand(out))
                .addSubcommand(new WorkerCommand(out))
                .addSubcommand(new KeyCommand(out))
                .addSubcommand(new DoctorCommand(out))
                .addSubcommand(new ThreadsCommand(out))
                .setUsageHelpWidth(HELP_WIDTH)
                .setOut(new PrintWriter(out, true, Charset.defaultCharset()))
                .setErr(new PrintWriter(err, true, Charset.defaultCharset()))
                .setParameterExceptionHandler((e, unused) -> sky.refuse(e))
                .setExecutionExceptionHandler((e, command, result) -> sky.fail(e))
                .setExecutionStrategy(result -> {
                    sky.configureLogging();
                    return new RunLast().execute(result);
                });
        try {
            return line.execute(args);
        } catch (Error e) {
            return sky.fail(e);
        } finally {
            out.flush();
        }
    }

    /** Without a command: lists them. */
    @Override
    public void run() {
        Objects.requireNonNull(spec).commandLine().usage(out);
    }

    private int refuse(ParameterException e) {
        String guess = guess(e).map(near -> "; did you mean " + near + "?").orElse("");
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("sky: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + guess + " (./" + command
                + " --help lists what is allowed)");
        return Failure.WRONG_INPUT;
    }

    /** What was meant: a command spelt nearly so, else picocli's own guess, which goes by the letters in common. */
    private static Optional<String> guess(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        List<String> commands = e.getCommandLine().getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
        return Spelling.nearest(unmatched.getUnmatched().get(0), commands)
                .or(() -> unmatched.getSuggestions().stream().findFirst());
    }

    private int fail(Throwable thrown) {
        Failure failure = Failure.of(thrown);
        err.println("sky: " + failure.line());
        if (verbose) {
            thrown.printStackTrace(err);
        }
        return failure.exitCode();
    }

    /** Before the first logger is made. */
    private void configureLogging() {
        if (System.getProperty(LOG_CONFIGURATION) == null) {
            System.setProperty(LOG_CONFIGURATION, "classpath:io/github/skydl4j/cli/log4j2.xml");
        }
        if (verbose) {
            System.setProperty("sky.log.level", "info");
        }
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Sky.class.getPackage().getImplementationVersion();
            return new String[] {"Sky-DL4J " + (version == null ? "(not packaged)" : version)};
        }
    }
}
