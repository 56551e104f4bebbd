package io.github.skydl4j.cluster;

import io.github.skydl4j.transport.WireWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A snapshot that is being written: a file for every unit, of parts as they come, each behind its length. It is nothing until
 * {@link #complete}, which moves it to its place in one step. Confined to one thread.
 */
final class SnapshotDraft implements AutoCloseable {
    private static final int LARGEST_PART = 16 << 20;

    private final Path draft;
    private final Path place;
    private final String model;
    private final SnapshotMark mark;
    private final Map<String, UnitFile> files = new LinkedHashMap<>();

    /** A file of one unit. */
    private static final class UnitFile {
        private final String name;
        private final FileChannel channel;
        private final CRC32C checksum = new CRC32C();
        private long bytes;

        UnitFile(Path folder, int number) throws IOException {
            name = String.format("unit-%05d.state", number);
            channel = FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        void write(ByteBuffer buffer) throws IOException {
            checksum.update(buffer.duplicate());
            bytes += buffer.remaining();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    SnapshotDraft(Path draft, Path place, String model, SnapshotMark mark) {
        this.draft = draft;
        this.place = place;
        this.model = model;
        this.mark = mark;
    }

    SnapshotMark mark() {
        return mark;
    }

    Path place() {
        return place;
    }

    void write(StatePart part) {
        try {
            UnitFile file = files.get(part.unit());
            if (file == null) {
                file = new UnitFile(draft, files.size());
                files.put(part.unit(), file);
            }
            WireWriter fields = new WireWriter(LARGEST_PART);
            ClusterCodec.writePart(part, fields);
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            file.write(length.putInt(fields.size()).flip());
            file.write(fields.written());
        } catch (IOException e) {
            throw new SnapshotException("writing a snapshot to " + draft + " failed", e);
        }
    }

    /** Puts everything on the disk and the snapshot in its place. */
    Snapshot complete() {
        try {
            List<Manifest.Entry> entries = new ArrayList<>();
            for (Map.Entry<String, UnitFile> unit : files.entrySet()) {
                UnitFile file = unit.getValue();
                file.channel.force(true);
                file.channel.close();
                entries.add(new Manifest.Entry(unit.getKey(), file.name, file.bytes, file.checksum.getValue()));
            }
            Manifest manifest = new Manifest(model, mark, entries);
            try (FileChannel out = FileChannel.open(
                    draft.resolve(Manifest.FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer text = ByteBuffer.wrap(manifest.text().getBytes(StandardCharsets.UTF_8));
                while (text.hasRemaining()) {
                    out.write(text);
                }
                out.force(true);
            }
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
            return new Snapshot(place, manifest);
        } catch (IOException e) {
            throw new SnapshotException("finishing the snapshot " + place + " failed", e);
        }
    }

    /** Closes the files; what has not been completed is left to the store to remove. */
    @Override
    public void close() {
        for (UnitFile file : files.values()) {
            try {
                file.channel.close();
            } catch (IOException e) {
                throw new SnapshotException("closing a snapshot in " + draft + " failed", e);
            }
        }
    }
}
