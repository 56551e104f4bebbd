package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors())
                .singleElement()
                .asString()
                .contains("cannot be reached")
                .contains("is it running");
    }

    /** It went on asking for two minutes and then ended without a word about versions. */
    @Test
    void aWorkerOfAnotherVersionIsToldSoAtOnce() throws Exception {
        try (DatagramSocket coordinator = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Thread newer = new Thread(() -> refuseAsANewerVersion(coordinator), "newer-coordinator");
            newer.start();
            assertRefused("another version of Sky-DL4J", "worker", "--join", "127.0.0.1:" + coordinator.getLocalPort());
            newer.join(10_000);
        }
    }

    /** Answers one hello: magic, version 2, kind 4, the hello's random, reason 4, and some mac. */
    private static void refuseAsANewerVersion(DatagramSocket socket) {
        try {
            DatagramPacket hello = new DatagramPacket(new byte[2000], 2000);
            socket.receive(hello);
            ByteBuffer in = ByteBuffer.wrap(hello.getData())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(6);
            in.position(in.position() + Integer.BYTES + in.getInt(in.position()));
            in.position(in.position() + Integer.BYTES + in.getInt(in.position()));
            byte[] random = new byte[Integer.BYTES + 32];
            in.get(random);
            ByteBuffer out = ByteBuffer.allocate(6 + random.length + 1 + 32);
            out.put(new byte[] {'S', 'K', 'Y', 'D', 2, 4}).put(random).put((byte) 4);
            socket.send(new DatagramPacket(out.array(), out.capacity(), hello.getSocketAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void refusesAPortThatIsTaken() throws IOException {
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    "cluster.listen: cannot listen on UDP",
                    "coordinator",
                    QUICKSTART,
                    "--set",
                    "cluster.listen=127.0.0.1:" + other.getLocalPort());
        }
    }

    @Test
    void givesUpWhenTooFewWorkersCome() {
        assertRefused(
                "0 of 2 workers have joined within 1 s",
                "coordinator",
                QUICKSTART,
                "--set",
                "cluster.listen=127.0.0.1:0",
                "--set",
                "cluster.expect=2",
                "--set",
                "cluster.joinLimit=1 s",
                "--set",
                "cluster.snapshot.dir=" + temp.resolve("snapshots"));
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
