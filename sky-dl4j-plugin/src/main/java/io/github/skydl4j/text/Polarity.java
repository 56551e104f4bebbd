package io.github.skydl4j.text;

/** What a sentence, or a word by itself, says of its subject. */
enum Polarity {
    NEGATIVE(0),
    POSITIVE(1);

    private final int label;

    Polarity(int label) {
        this.label = label;
    }

    int label() {
        return label;
    }

    Polarity opposite() {
        return this == POSITIVE ? NEGATIVE : POSITIVE;
    }
}
