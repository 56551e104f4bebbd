package io.github.skydl4j.text;

import org.jspecify.annotations.Nullable;

/**
 * One sentence, or a pair of them, with its label.
 *
 * @param second the second sentence of a pair, null for a single sentence
 * @param label index into {@link TextSet#labels()}
 */
public record LabelledText(String first, @Nullable String second, int label) {
    public LabelledText {
        if (label < 0) {
            throw new IllegalArgumentException("label " + label + " is negative");
        }
    }

    public boolean isPair() {
        return second != null;
    }
}
