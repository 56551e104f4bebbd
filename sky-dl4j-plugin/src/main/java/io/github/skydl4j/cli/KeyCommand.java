package io.github.skydl4j.cli;

import io.github.skydl4j.transport.KeyFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sky key new FILE}. */
@Command(
        name = "key",
        description = "Make the key that all members of a run have in common.",
        synopsisSubcommandLabel = "new FILE",
        sortOptions = false)
final class KeyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "new", description = "The one thing that can be done.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "A file that does not exist yet.")
    private @Nullable Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    private final PrintStream out;

    KeyCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (!action.equals("new")) {
            throw new ConfigException("key: found \"" + action + "\", expected new, as in ./sky key new FILE");
        }
        KeyFile.create(Objects.requireNonNull(file));
        out.println("Wrote a new key to " + file + ", for its owner alone: copy it to every machine of the run");
        return 0;
    }
}
