package io.github.skydl4j.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs the launcher script as a user does: as a process.
 *
 * @param script the script, or a link to it
 * @param folder where it is called
 * @param environment variables to add
 */
record Launcher(Path script, Path folder, Map<String, String> environment) {
    static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();

    private static final long LIMIT_MINUTES = 8;

    /** What a process left behind. */
    record Outcome(int exitCode, List<String> output, List<String> errors) {}

    Launcher {
        environment = Map.copyOf(environment);
    }

    static Launcher ofRepository() {
        return new Launcher(REPOSITORY.resolve("sky"), REPOSITORY, Map.of());
    }

    Launcher in(Path newFolder) {
        return new Launcher(script, newFolder, environment);
    }

    Launcher with(String name, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value);
        return new Launcher(script, folder, more);
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("sky", ".out");
        Path errors = Files.createTempFile("sky", ".err");
        try {
            List<String> command = new ArrayList<>(List.of(script.toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().remove("OMP_NUM_THREADS");
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " has not ended after " + LIMIT_MINUTES + " minutes: "
                        + Files.readAllLines(output) + Files.readAllLines(errors));
            }
            return new Outcome(process.exitValue(), Files.readAllLines(output), Files.readAllLines(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
