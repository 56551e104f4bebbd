package io.github.skydl4j.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code sky threads}, for the launcher: prints how many threads a native operation may use, cores divided by the workers
 * in this JVM. It must be known before the JVM that trains is started, since native code reads OMP_NUM_THREADS once.
 */
@Command(name = "threads", hidden = true)
final class ThreadsCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    /** The options of the other commands, with which the launcher calls this one. */
    @Mixin
    private final ClusterChoice cluster = new ClusterChoice();

    @Option(
            names = {
                "--report",
                "--save",
                "--cluster",
                "--profile",
                "--planner",
                "--out",
                "--budget",
                "--generator",
                "--candidates",
                "--seed"
            })
    @SuppressWarnings("unused") // picocli looks at it
    private @Nullable List<String> values;

    @Option(
            names = {"--quiet", "--simulate"},
            arity = "0")
    @SuppressWarnings("unused") // picocli looks at it
    private @Nullable List<Boolean> flags;

    private final PrintStream out;

    ThreadsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        int workers =
                Math.max(cluster.spawn(), options.read().pipeline().workers().size());
        out.println(Math.max(1, Runtime.getRuntime().availableProcessors() / workers));
        return 0;
    }
}
