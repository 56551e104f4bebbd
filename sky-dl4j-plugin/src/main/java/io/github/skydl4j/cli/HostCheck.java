package io.github.skydl4j.cli;

import io.github.skydl4j.plan.StageMemory;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.LoggerFactory;

/** Looks at this JVM and this machine; every check ends at once. */
final class HostCheck {
    /** Buffers of the network driver and of the channels to two neighbours, in each process. */
    private static final long SHARED_MEMORY_OF_PROCESS = 160L << 20;

    private static final int WISHED_SOCKET_BYTES = 2 << 20;
    private static final Instant THIS_VERSION = Instant.parse("2025-01-01T00:00:00Z");
    private static final int LEAST_JAVA = 17;

    private HostCheck() {}

    static Finding java() {
        int version = Runtime.version().feature();
        if (version < LEAST_JAVA) {
            return Finding.bad("Java", "version " + version + ": install a JDK 17 or later, or set JAVA_HOME to one");
        }
        boolean hasVectors =
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        boolean isOpen = Object.class.getModule().isOpen("sun.nio.ch", HostCheck.class.getModule());
        if (!isOpen) {
            return Finding.bad(
                    "Java",
                    "the network needs the flag --add-opens java.base/sun.nio.ch=ALL-UNNAMED: start it with ./sky");
        }
        return hasVectors
                ? Finding.good("Java", version + " with the vector module and the flags that the network needs")
                : Finding.poor(
                        "Java",
                        version + " without the vector module, so BERT runs on slower operations: add --add-modules"
                                + " jdk.incubator.vector, or use a JDK that has it");
    }

    static Finding memory() {
        long heap = Runtime.getRuntime().maxMemory();
        long arrays = Pointer.maxBytes();
        String text = StageMemory.text(heap) + " of heap and " + StageMemory.text(arrays) + " for arrays at most";
        return Pointer.maxPhysicalBytes() > 0
                ? Finding.poor(
                        "memory",
                        text
                                + "; JavaCPP asks for the size of the process at each allocation, which halves the speed of"
                                + " small layers: add -Dorg.bytedeco.javacpp.maxPhysicalBytes=0, as ./sky does")
                : Finding.good("memory", text);
    }

    /** Whether so many processes find room for their network buffers. */
    static Finding sharedMemory(Path folder, int processes) {
        if (!Files.isDirectory(folder)) {
            return Finding.poor(
                    "shared memory",
                    folder
                            + " does not exist, so network buffers are kept on a disk: slower; on Linux mount a tmpfs there");
        }
        long needed = processes * SHARED_MEMORY_OF_PROCESS;
        try {
            long there = Files.getFileStore(folder).getUsableSpace();
            String text = folder + " has " + StageMemory.text(there) + " free, " + processes
                    + (processes == 1 ? " process needs " : " processes need ") + StageMemory.text(needed);
            return there >= needed
                    ? Finding.good("shared memory", text)
                    : Finding.bad(
                            "shared memory",
                            text + ": in a container start it with --shm-size=1g or more, else remount it larger");
        } catch (IOException e) {
            return Finding.bad("shared memory", folder + " cannot be looked at: " + e);
        }
    }

    static Finding ports() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                DatagramChannel channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, WISHED_SOCKET_BYTES);
            int granted = channel.getOption(StandardSocketOptions.SO_RCVBUF);
            String text = "UDP ports open, such as " + socket.getLocalPort() + "; socket buffers of "
                    + StageMemory.text(granted);
            return granted >= WISHED_SOCKET_BYTES
                    ? Finding.good("ports", text)
                    : Finding.poor(
                            "ports",
                            text + " where 2 MiB are wished for, which slows fast links: run \"sysctl -w"
                                    + " net.core.rmem_max=2097152 net.core.wmem_max=2097152\" as root");
        } catch (IOException e) {
            return Finding.bad("ports", "no UDP port can be opened: " + e + "; is a firewall or sandbox in the way?");
        }
    }

    /** Nothing compares clocks of machines, but certificates, logs and snapshots' dates read better with a right one. */
    static Finding clock() {
        Instant now = Instant.now();
        return now.isAfter(THIS_VERSION)
                ? Finding.good("clock", now + "; machines need not agree, time-outs go by each one's own counter")
                : Finding.poor("clock", now + " lies before this version was made: set the clock, logs will mislead");
    }

    /** An older slf4j on the class path wins silently, and then nothing is logged at all. */
    static Finding logging() {
        String factory = LoggerFactory.getILoggerFactory().getClass().getSimpleName();
        return factory.startsWith("NOP")
                ? Finding.poor(
                        "logging",
                        "nothing is logged, since no back end was found: let nothing on the class path bring an slf4j-api"
                                + " older than 2.0 or leave log4j-slf4j2-impl out")
                : Finding.good("logging", factory);
    }

    static Finding hostName() {
        try {
            InetAddress self = InetAddress.getLocalHost();
            return Finding.good("host", self.getHostName() + " is " + self.getHostAddress());
        } catch (IOException e) {
            return Finding.poor(
                    "host", "its own name is not known to it (" + e.getMessage() + "): add it to /etc/hosts");
        }
    }
}
