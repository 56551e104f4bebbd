package io.github.skydl4j.cli;

/**
 * What {@code sky doctor} found out about one thing.
 *
 * @param text one line: what is there and, where it is not well, what comes of it and what to do
 */
record Finding(Level level, String what, String text) {
    /** How it stands. */
    enum Level {
        /** As it should be. */
        GOOD("ok"),
        /** Works, but slower or with less room than it could. */
        POOR("poor"),
        /** Will not work. */
        BAD("BAD");

        private final String label;

        Level(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    static Finding good(String what, String text) {
        return new Finding(Level.GOOD, what, text);
    }

    static Finding poor(String what, String text) {
        return new Finding(Level.POOR, what, text);
    }

    static Finding bad(String what, String text) {
        return new Finding(Level.BAD, what, text);
    }
}
