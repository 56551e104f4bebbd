package io.github.skydl4j.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with this one's class path, for what must not happen here. It is killed at the end. */
final class ChildJvm implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    ChildJvm(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-opens",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "-Daeron.publication.unblock.timeout=60s",
                "-Daeron.dir.delete.on.shutdown=true",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Waits for a line that begins so, and returns the rest of it. */
    String await(String beginning) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        List<String> others = new ArrayList<>();
        while (System.nanoTime() - end < 0) {
            String line = lines.poll(1, TimeUnit.SECONDS);
            if (line != null && line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
            if (line != null) {
                others.add(line);
            }
        }
        throw new AssertionError("no line \"" + beginning + "...\" among " + others);
    }

    /** Ends it as it is, as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " was killed and does not end");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("no more output: " + e); // it was killed
        }
    }
}
