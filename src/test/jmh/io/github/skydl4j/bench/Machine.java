package io.github.skydl4j.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where and with what a result was measured. Immutable.
 *
 * @param commit of the sources, {@code +} at its end where they were changed since; {@code unknown} outside a clone
 * @param blas which of OpenBLAS's processors was asked for; {@code its own choice} by default
 */
record Machine(String cpu, int cores, String java, String blas, String commit, String date) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** This one, with sources in {@code home}. */
    static Machine here(Path home) {
        String asked = System.getenv("OPENBLAS_CORETYPE");
        return new Machine(
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                asked == null ? "its own choice" : asked,
                commit(home),
                LocalDate.now(ZoneOffset.UTC).toString());
    }

    private static String cpuModel() {
        try {
            if (Files.isReadable(CPU_INFO)) {
                return Files.readAllLines(CPU_INFO).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElseGet(() -> System.getProperty("os.arch"));
            }
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
        return System.getProperty("os.arch");
    }

    private static String commit(Path home) {
        try {
            String hash = git(home, "rev-parse", "--short", "HEAD");
            // What a run itself writes into docs is no change.
            String changes = git(home, "status", "--porcelain", "--untracked-files=no", "--", ".", ":(exclude)docs");
            return changes.isEmpty() ? hash : hash + "+";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    private static String git(Path home, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("git", "-C", home.toString());
        builder.command().addAll(List.of(arguments));
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("git has failed");
        }
        return output;
    }
}
