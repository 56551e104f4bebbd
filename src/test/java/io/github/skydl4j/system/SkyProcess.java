package io.github.skydl4j.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command of the launcher that runs beside the test. Closing kills it. */
final class SkyProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final Process process;
    private final Path output;
    private final String command;

    /** Starts {@code ./sky} with both outputs in one file. */
    SkyProcess(Path folder, String... arguments) throws IOException {
        output = Files.createTempFile(folder, "sky", ".out");
        List<String> words =
                new ArrayList<>(List.of(Launcher.REPOSITORY.resolve("sky").toString()));
        words.addAll(List.of(arguments));
        command = String.join(" ", words);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // One thread for every native operation, whatever the number of processes: rounding depends on it.
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("SKY_JAVA_OPTS", "-Xmx1g");
        process = builder.start();
        process.getOutputStream().close();
    }

    List<String> lines() {
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long count(String part) {
        return lines().stream().filter(line -> line.contains(part)).count();
    }

    /** Waits for so many lines with this in them. */
    void awaitLines(long number, String part) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .conditionEvaluationListener(condition -> requireAliveOr(number, part))
                .until(() -> count(part) >= number);
    }

    /** Waits for the end. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(command + " has not ended: " + lines());
        }
        return process.exitValue();
    }

    /** Sends a signal: KILL, STOP, CONT or TERM. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** This process and those that it has started. */
    List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void requireAliveOr(long number, String part) {
        if (!process.isAlive() && count(part) < number) {
            throw new IllegalStateException(command + " has ended without \"" + part + "\": " + lines());
        }
    }
}
