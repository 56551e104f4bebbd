package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.transport.DoorPacket.Hello;
import io.github.skydl4j.transport.DoorPacket.Nonce;
import io.github.skydl4j.transport.DoorPacket.Place;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody with another key who knocks again and again. */
class StrangerTest {
    private static final int KNOCKS = 2_000;

    @TempDir
    private Path folder;

    @Test
    void whoHasAnotherKeyNeverJoinsAndIsLoggedOnceASecondAtMost() throws Exception {
        Path log = folder.resolve("door.log");
        Logger doorLog = ((LoggerContext) LogManager.getContext(false)).getLogger(Door.class.getName());
        Level before = doorLog.getLevel();
        FileAppender appender = FileAppender.newBuilder()
                .setName("door")
                .withFileName(log.toString())
                .setLayout(PatternLayout.newBuilder().withPattern("%m%n").build())
                .build();
        appender.start();
        doorLog.addAppender(appender);
        doorLog.setLevel(Level.WARN);
        long start = System.nanoTime();
        try (AeronEndpoint coordinator =
                        AeronEndpoint.coordinator(AeronEndpointTest.options("coordinator", SharedKey.random())
                                .build());
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Hello hello = new Hello("w1", "", new Nonce(new byte[32]), new Place(1, 4000, 70_000));
            byte[] bytes = DoorPacket.write(hello, LinkKeys.doorKey(SharedKey.random()));
            DatagramPacket answer = new DatagramPacket(new byte[DoorPacket.MAX_BYTES], DoorPacket.MAX_BYTES);
            stranger.setSoTimeout(10_000);
            for (int i = 0; i < KNOCKS; i++) {
                stranger.send(new DatagramPacket(bytes, bytes.length, coordinator.address()));
                stranger.receive(answer); // refused, each time
            }
            assertThat(coordinator.peers()).isEmpty();
        } finally {
            doorLog.removeAppender(appender);
            doorLog.setLevel(before);
            appender.stop();
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        List<String> refusals = Files.readAllLines(log, StandardCharsets.UTF_8).stream()
                .filter(line -> line.contains("its key is not ours"))
                .toList();
        assertThat(refusals).hasSizeBetween(1, (int) seconds + 1);
    }
}
