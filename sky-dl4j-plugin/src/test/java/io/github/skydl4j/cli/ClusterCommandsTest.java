package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the commands about worker processes refuse, and what the doctor says. */
@Timeout(60)
class ClusterCommandsTest {
    private static final String QUICKSTART = "../config-templates/quickstart.yaml";

    @TempDir
    private Path temp;

    @Test
    void writesAKeyForItsOwnerAloneAndNothingOverIt() throws IOException {
        Path key = temp.resolve("run.key");
        assertThat(CommandLineRun.of("key", "new", key.toString()).exitCode()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertRefused("exists already", "key", "new", key.toString());
        assertRefused("expected new", "key", "old", key.toString());
    }

    @Test
    void refusesAKeyThatOthersCanRead() throws IOException {
        Path key = temp.resolve("run.key");
        CommandLineRun.of("key", "new", key.toString());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused("chmod 600", "worker", "--join", "127.0.0.1:1", "--key", key.toString());
        assertThat(CommandLineRun.of("doctor", "--key", key.toString()).output())
                .anyMatch(line -> line.startsWith("BAD") && line.contains("chmod 600"));
    }

    @Test
    void refusesToListenToOthersWithoutAKey() {
        assertRefused(
                "cluster.key: found nothing, expected a key file",
                "coordinator",
                QUICKSTART,
                "--set",
                "cluster.listen=0.0.0.0:0");
    }

    @Test
    void refusesOptionsOfAWorkerThatMakeNoSense() {
        assertRefused("--join: found \"here\"", "worker", "--join", "here");
        assertRefused("--memory: found \"much\"", "worker", "--join", "127.0.0.1:1", "--memory", "much");
        assertRefused("--slowdown: found -1.0", "worker", "--join", "127.0.0.1:1", "--slowdown", "-1");
        assertRefused("--device", "worker", "--join", "127.0.0.1:1", "--device", "gpu");
    }

    @Test
    void refusesToResumeWhatWasNotKept() {
        assertRefused("--resume needs a run on other processes", "train", QUICKSTART, "--resume");
        assertRefused("expected cluster.snapshot.dir", "train", QUICKSTART, "--resume", "--spawn", "2");
        assertRefused("--spawn: found 0", "train", QUICKSTART, "--spawn", "0");
    }

    @Test
    void aWorkerGivesUpWhenThereIsNoCoordinator() {
        CommandLineRun run = CommandLineRun.of("worker", "--join", "127.0.0.1:9", "--patience", "1 s");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).singleElement().asString().contains("cannot be reached");
    }

    @Test
    void doctorHasALineForEveryThing() {
        CommandLineRun run = CommandLineRun.of("doctor", "--join", "127.0.0.1:9", "--processes", "3");
        assertThat(run.output()).allMatch(line -> line.matches("(ok|poor|BAD) +\\w.*"));
        for (String what : List.of("Java", "memory", "back end", "shared memory", "ports", "clock", "key")) {
            assertThat(run.output()).anyMatch(line -> line.contains("  " + what + " "));
        }
        assertThat(run.output())
                .anyMatch(line -> line.startsWith("BAD") && line.contains("coordinator") && line.contains("UDP"));
        assertThat(run.exitCode()).isEqualTo(1);
    }

    private static void assertRefused(String reason, String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.errors()).singleElement().asString().startsWith("sky: ").contains(reason);
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
