package io.github.skydl4j.cluster;

import io.github.skydl4j.transport.MalformedFrameException;
import io.github.skydl4j.transport.WireReader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * A complete snapshot on the disk: parameters and updater state of every unit, so that a stage of any cut can be restored
 * from it without reading more than its own units. Immutable.
 */
public final class Snapshot {
    private static final int LARGEST_PART = 16 << 20;

    private final Path folder;
    private final Manifest manifest;

    Snapshot(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /** Where in the run it was taken. */
    public SnapshotMark mark() {
        return manifest.mark();
    }

    /** Where it lies. */
    public Path folder() {
        return folder;
    }

    String model() {
        return manifest.model();
    }

    /**
     * Reads the state of some units, part by part, each of which is closed after its consumer has seen it.
     *
     * @return how many parts
     * @throws SnapshotException if a file is damaged
     */
    int read(Collection<String> units, Consumer<StatePart> taker) {
        int parts = 0;
        for (Manifest.Entry entry : manifest.units()) {
            if (units.contains(entry.unit())) {
                parts += read(entry, taker);
            }
        }
        return parts;
    }

    /**
     * Reads everything once.
     *
     * @throws SnapshotException if a file is damaged
     */
    void verify() {
        for (Manifest.Entry entry : manifest.units()) {
            read(entry, part -> {});
        }
    }

    private int read(Manifest.Entry entry, Consumer<StatePart> taker) {
        Path file = folder.resolve(entry.file());
        CRC32C checksum = new CRC32C();
        int parts = 0;
        try (InputStream open = new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), checksum);
                DataInputStream in = new DataInputStream(open)) {
            long left = entry.bytes();
            while (left > 0) {
                int length = Integer.reverseBytes(in.readInt());
                if (length < 0 || length > Math.min(LARGEST_PART, left)) {
                    throw new MalformedFrameException("a part of " + length + " bytes");
                }
                StatePart part = ClusterCodec.readPart(new WireReader(ByteBuffer.wrap(in.readNBytes(length))));
                taker.accept(part);
                part.values().close();
                left -= length + Integer.BYTES;
                parts++;
            }
        } catch (IOException | MalformedFrameException e) {
            throw new SnapshotException(file + " is damaged", e);
        }
        if (checksum.getValue() != entry.checksum()) {
            throw new SnapshotException(file + " is damaged: its checksum does not fit");
        }
        return parts;
    }
}
