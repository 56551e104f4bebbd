package io.github.skydl4j.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code PORT} or {@code HOST:PORT}; without a host it is this one alone. */
final class Address implements ITypeConverter<InetSocketAddress> {
    private static final int HIGHEST_PORT = 65_535;

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        int port = port(text, text.substring(colon + 1));
        if (colon < 0) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
        String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (host.isBlank() || address.isUnresolved()) {
            throw new TypeConversionException(
                    "found " + text + ", whose host is not known; expected PORT or HOST:PORT");
        }
        return address;
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException(
                "found " + text + ", expected PORT or HOST:PORT with a port up to " + HIGHEST_PORT);
    }
}
