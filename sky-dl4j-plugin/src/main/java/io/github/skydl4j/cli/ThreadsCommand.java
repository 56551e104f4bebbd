package io.github.skydl4j.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code sky threads}, for the launcher: prints how many threads a native operation may use, cores divided by the workers
 * in this JVM. It must be known before the JVM that trains is started, since native code reads OMP_NUM_THREADS once.
 */
@Command(name = "threads", hidden = true)
final class ThreadsCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    private final PrintStream out;

    ThreadsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        int workers = options.read().pipeline().workers().size();
        out.println(Math.max(1, Runtime.getRuntime().availableProcessors() / workers));
        return 0;
    }
}
