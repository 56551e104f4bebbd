package io.github.skydl4j.transport;

import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Aeron's UDP port of an endpoint.
 *
 * @param subscription to a session that nobody publishes in: it keeps the port open
 */
record DataPort(Subscription subscription, int number) implements AutoCloseable {
    private static final int ATTEMPTS = 10;

    /**
     * Takes a port.
     *
     * @param wished its number; 0 for a free one
     * @throws IllegalStateException if it is taken
     */
    static DataPort reserve(AeronDriver driver, InetAddress local, int wished) {
        AeronException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = wished == 0 ? freePort(local) : wished;
            try {
                String channel =
                        AeronUri.subscription(local, port, driver.sessions().draw());
                return new DataPort(driver.client().addSubscription(channel, AeronUri.STREAM), port);
            } catch (AeronException e) {
                last = e;
            }
        }
        throw new IllegalStateException(
                "cannot take records by UDP on " + local.getHostAddress() + ":" + wished
                        + ": is the port taken by another program?",
                last);
    }

    private static int freePort(InetAddress local) {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(local, 0))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a UDP port on " + local.getHostAddress(), e);
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
