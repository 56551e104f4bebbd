package io.github.skydl4j.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** What a saved network has learned, as bytes. */
record TrainedParameters(ByteBuffer parameters, ByteBuffer updaterState) {
    private static final int HEADER_FLOATS = 64;

    static TrainedParameters of(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new TrainedParameters(entry(zip, "coefficients.bin"), entry(zip, "updaterState.bin"));
        }
    }

    /** The largest difference of two parameters, for messages; the headers of both files are alike and short. */
    float distanceTo(TrainedParameters other) {
        FloatBuffer mine = parameters
                .duplicate()
                .position(parameters.limit() % Float.BYTES)
                .asFloatBuffer();
        FloatBuffer others = other.parameters
                .duplicate()
                .position(parameters.limit() % Float.BYTES)
                .asFloatBuffer();
        float largest = 0;
        for (int i = HEADER_FLOATS; i < mine.limit(); i++) {
            largest = Math.max(largest, Math.abs(mine.get(i) - others.get(i)));
        }
        return largest;
    }

    private static ByteBuffer entry(ZipFile zip, String name) throws IOException {
        return ByteBuffer.wrap(zip.getInputStream(zip.getEntry(name)).readAllBytes());
    }
}
