package io.github.skydl4j.cluster;

import java.net.InetSocketAddress;

/** Reads {@code HOST:PORT}. */
public final class HostPort {
    private static final int LARGEST_PORT = 65_535;

    private HostPort() {}

    /**
     * Resolves {@code HOST:PORT}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if it is none, or the host is not known; the message says which
     */
    public static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("found \"" + text + "\", expected HOST:PORT such as 192.168.1.5:40123");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        InetSocketAddress address = new InetSocketAddress(host, port(text, text.substring(colon + 1)));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("the host " + host + " is not known");
        }
        return address;
    }

    /** Prints what {@link #parse} reads. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= LARGEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number out of range.
        }
        throw new IllegalArgumentException(
                "found \"" + text + "\", expected HOST:PORT with a port from 0 to " + LARGEST_PORT);
    }
}
