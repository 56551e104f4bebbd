package io.github.skydl4j.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** What a saved network has learned, as bytes. */
record TrainedParameters(ByteBuffer parameters, ByteBuffer updaterState) {
    static TrainedParameters of(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new TrainedParameters(entry(zip, "coefficients.bin"), entry(zip, "updaterState.bin"));
        }
    }

    private static ByteBuffer entry(ZipFile zip, String name) throws IOException {
        return ByteBuffer.wrap(zip.getInputStream(zip.getEntry(name)).readAllBytes());
    }
}
