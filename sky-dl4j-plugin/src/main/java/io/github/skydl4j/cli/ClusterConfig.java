package io.github.skydl4j.cli;

import io.github.skydl4j.cluster.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Workers in other processes; the keys under {@code cluster}.
 *
 * @param listen where workers join; absent if the section is
 * @param key the key file
 * @param expect how many workers must have joined before the start; 0 for as many as under {@code workers}
 * @param joinLimit how long they are waited for
 * @param every steps between snapshots
 * @param folder where they are kept
 * @param packetLoss part of arriving datagrams that is thrown away, to try how a run bears it
 */
record ClusterConfig(
        Optional<InetSocketAddress> listen,
        Optional<Path> key,
        int expect,
        Duration joinLimit,
        int every,
        Optional<Path> folder,
        double packetLoss) {
    private static final int USUAL_STEPS = 20;

    static ClusterConfig read(Section section) {
        Section snapshot = section.section("snapshot");
        Optional<InetSocketAddress> listen = section.text("listen").map(text -> address(section, text));
        Optional<Path> key = section.inputPath("key");
        if (listen.isPresent() && key.isEmpty() && !listen.get().getAddress().isLoopbackAddress()) {
            throw section.error(
                    "key",
                    "found nothing, expected a key file, since " + listen.get().getHostString()
                            + " can be reached from elsewhere: make one with \"./sky key new FILE\"");
        }
        return new ClusterConfig(
                listen,
                key,
                section.integer("expect", 0, 1),
                Durations.read(section, "joinLimit", Duration.ofMinutes(2)),
                snapshot.integer("every", USUAL_STEPS, 1),
                snapshot.outputPath("dir"),
                section.number("packetLoss", 0, Limits.share()));
    }

    private static InetSocketAddress address(Section section, String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw section.error("listen", String.valueOf(e.getMessage()));
        }
    }
}
