package io.github.skydl4j.transport;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one media driver of this JVM and its client, started for the first endpoint and ended with the last.
 *
 * <p>Its time-outs are minutes: a JVM that was stopped for a while shall find its transport as it was and learn from its
 * peers that it is late, rather than find it closed.
 */
final class AeronDriver {
    private static final Logger LOG = LoggerFactory.getLogger(AeronDriver.class);
    private static final long CLIENT_LIVENESS_SECONDS = 120;
    private static final int WISHED_SOCKET_BYTES = 2 << 20;
    private static final int SMALLEST_WINDOW = 1 << 17;

    private static @Nullable AeronDriver running;

    private final DriverFolder folder;
    private final MediaDriver driver;
    private final Aeron client;
    private final Sessions sessions = new Sessions();
    private final Thread atExit = new Thread(this::stopAtExit, "sky-aeron-exit");
    private int users;

    private AeronDriver(@Nullable Path base, double packetLoss) {
        folder = DriverFolder.create(base == null ? DriverFolder.defaultBase() : base);
        try {
            driver = MediaDriver.launch(driverContext(folder.driver(), packetLoss));
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
        client = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(folder.driver().toString())
                .driverTimeoutMs(TimeUnit.SECONDS.toMillis(CLIENT_LIVENESS_SECONDS))
                .idleStrategy(new SleepingMillisIdleStrategy(4))
                .errorHandler(error -> LOG.warn("Aeron: {}", error.toString()))
                .useConductorAgentInvoker(false));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts the driver, or adds a user to the one that runs. */
    static synchronized AeronDriver acquire(@Nullable Path base, double packetLoss) {
        if (running == null) {
            running = new AeronDriver(base, packetLoss);
        }
        running.users++;
        return running;
    }

    /** Ends the driver with its last user. */
    void release() {
        synchronized (AeronDriver.class) {
            users--;
            if (users > 0) {
                return;
            }
            running = null;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // the JVM is ending, and the hook does it
        }
        stop();
    }

    Aeron client() {
        return client;
    }

    Sessions sessions() {
        return sessions;
    }

    private void stopAtExit() {
        LastWords.say();
        stop();
    }

    private void stop() {
        client.close();
        driver.close();
        folder.close();
    }

    private MediaDriver.Context driverContext(Path directory, double packetLoss) {
        int socketBytes = socketBytes();
        long liveness = TimeUnit.SECONDS.toNanos(CLIENT_LIVENESS_SECONDS);
        return new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(idle())
                .clientLivenessTimeoutNs(liveness)
                .publicationUnblockTimeoutNs(2 * liveness)
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(liveness))
                .socketRcvbufLength(socketBytes)
                .socketSndbufLength(socketBytes)
                .initialWindowLength(socketBytes)
                .performStorageChecks(false)
                .receiveChannelEndpointSupplier((channel, dispatcher, status, context) ->
                        new GuardedReceiver(channel, dispatcher, status, context, sessions, packetLoss))
                .errorHandler(error -> LOG.debug("Aeron's driver: {}", error.toString()));
    }

    /** Waits a little longer each time nothing happens, up to a millisecond: a worker at rest costs next to nothing. */
    static IdleStrategy idle() {
        return new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
    }

    /** The socket buffers that the system allows, up to what is wished; the window in flight must fit them. */
    private static int socketBytes() {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_RCVBUF, WISHED_SOCKET_BYTES);
            int granted = probe.getOption(StandardSocketOptions.SO_RCVBUF);
            return Math.max(SMALLEST_WINDOW, Math.min(WISHED_SOCKET_BYTES, Integer.highestOneBit(granted)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a UDP socket", e);
        }
    }
}
