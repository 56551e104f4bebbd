package io.github.skydl4j.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The table of contents of a snapshot, as text with a checksum in the last line:
 *
 * <pre>
 * sky snapshot 1
 * model 5f2d...
 * at 120 1 20
 * unit unit-00000.state 52428 9ae0daaf encoder0
 * end 1c291ca3
 * </pre>
 *
 * @param model hash of the network's configuration
 */
record Manifest(String model, SnapshotMark mark, List<Entry> units) {
    static final String FILE = "manifest.txt";
    private static final String FIRST_LINE = "sky snapshot 1";
    private static final int WORDS_OF_UNIT = 5;

    /** A file with the state of one unit. */
    record Entry(String unit, String file, long bytes, long checksum) {}

    Manifest {
        units = List.copyOf(units);
    }

    String text() {
        StringBuilder text = new StringBuilder(FIRST_LINE)
                .append("\nmodel ")
                .append(model)
                .append("\nat ")
                .append(mark.iteration())
                .append(' ')
                .append(mark.epoch())
                .append(' ')
                .append(mark.batches())
                .append('\n');
        for (Entry entry : units) {
            text.append("unit ")
                    .append(entry.file())
                    .append(' ')
                    .append(entry.bytes())
                    .append(' ')
                    .append(Long.toHexString(entry.checksum()))
                    .append(' ')
                    .append(entry.unit())
                    .append('\n');
        }
        return text + "end " + Long.toHexString(checksum(text.toString())) + "\n";
    }

    /**
     * Reads a manifest.
     *
     * @throws SnapshotException if it is not whole
     */
    static Manifest read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            String text = Files.readString(file);
            int end = text.lastIndexOf("end ");
            if (end < 0 || !text.substring(end).equals("end " + checksumText(text.substring(0, end)) + "\n")) {
                throw new SnapshotException(file + " is damaged: its checksum does not fit");
            }
            return parse(text.substring(0, end).lines().toList());
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new SnapshotException(file + " is no snapshot that this version can read", e);
        }
    }

    private static Manifest parse(List<String> lines) {
        if (!lines.get(0).equals(FIRST_LINE)) {
            throw new IllegalArgumentException("it begins with " + lines.get(0));
        }
        String[] at = lines.get(2).split(" ", WORDS_OF_UNIT);
        SnapshotMark mark = new SnapshotMark(Integer.parseInt(at[1]), Integer.parseInt(at[2]), Integer.parseInt(at[3]));
        List<Entry> units = new ArrayList<>();
        for (int line = 3; line < lines.size(); line++) {
            String[] words = lines.get(line).split(" ", WORDS_OF_UNIT);
            units.add(new Entry(words[4], words[1], Long.parseLong(words[2]), Long.parseLong(words[3], 16)));
        }
        return new Manifest(lines.get(1).substring("model ".length()), mark, units);
    }

    private static String checksumText(String text) {
        return Long.toHexString(checksum(text));
    }

    private static long checksum(String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }
}
