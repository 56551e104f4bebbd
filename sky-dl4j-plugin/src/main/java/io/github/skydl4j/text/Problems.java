package io.github.skydl4j.text;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with single lines of a file; remembers the first few and counts the rest. */
final class Problems {
    private static final int SHOWN = 20;

    private final List<String> first = new ArrayList<>();
    private int count;
    private int broken;

    void blank(int line) {
        add("line " + line + ": blank");
    }

    void broken(int line, String reason) {
        broken++;
        add("line " + line + ": " + reason);
    }

    /** Lines that held something unusable; blank ones are not counted. */
    int brokenLines() {
        return broken;
    }

    List<String> shown() {
        List<String> shown = new ArrayList<>(first);
        if (count > SHOWN) {
            shown.add("and " + (count - SHOWN) + " more");
        }
        return shown;
    }

    private void add(String problem) {
        count++;
        if (first.size() < SHOWN) {
            first.add(problem);
        }
    }
}
