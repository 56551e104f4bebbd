package io.github.skydl4j.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The launcher at work, looked at while it runs. Ended with everything it started when closed. */
final class LiveRun implements AutoCloseable {
    private static final long LIMIT_MINUTES = 8;

    private final Process process;
    private final Path output;

    private LiveRun(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static LiveRun start(Path folder, String... arguments) throws IOException {
        Path output = folder.resolve("output.txt");
        List<String> command =
                new ArrayList<>(List.of(Launcher.REPOSITORY.resolve("sky").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().remove("OMP_NUM_THREADS");
        Process process = builder.start();
        process.getOutputStream().close();
        return new LiveRun(process, output);
    }

    /** Waits for a line that starts so, and gives what follows. */
    String line(String start) {
        return Awaitility.await("a line that starts with " + start)
                .atMost(LIMIT_MINUTES, TimeUnit.MINUTES)
                .until(
                        () -> {
                            if (!process.isAlive()) {
                                throw new IllegalStateException("it has ended: " + Files.readAllLines(output));
                            }
                            return Files.readAllLines(output).stream()
                                    .filter(line -> line.startsWith(start))
                                    .findFirst()
                                    .map(line -> line.substring(start.length()).strip())
                                    .orElse("");
                        },
                        found -> !found.isEmpty());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
