package io.github.skydl4j.text;

import java.nio.file.Path;
import java.util.List;

/** Reads plain text: each line that is not blank is an example, all of one label. Immutable. */
public final class LineReader {
    private static final String LABEL = "text";

    private final Sample sample;

    public LineReader(Sample sample) {
        this.sample = sample;
    }

    /** The lines of {@code file}, UTF-8, in its order. Throws {@link TextException} if there are none. */
    public TextSet read(Path file) {
        List<LabelledText> lines = TextLines.read(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(line -> new LabelledText(line, null, 0))
                .toList();
        if (lines.isEmpty()) {
            throw new TextException(file + " is empty: a line of text is needed for each example");
        }
        return new TextSet(sample.of(lines), List.of(LABEL), List.of());
    }
}
