package io.github.skydl4j.text;

import java.util.HashSet;
import java.util.List;

/**
 * Labelled sentences, either all single or all pairs; immutable.
 *
 * @param labels the label names; an example's label is an index into this list
 * @param problems what was skipped while reading, one line each with its line number; long lists are cut and say so
 */
public record TextSet(List<LabelledText> examples, List<String> labels, List<String> problems) {
    public TextSet {
        examples = List.copyOf(examples);
        labels = List.copyOf(labels);
        problems = List.copyOf(problems);
        if (new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException("labels " + labels + " contain one twice");
        }
        for (LabelledText example : examples) {
            check(example, labels.size(), examples.get(0).isPair());
        }
    }

    public boolean isPairs() {
        return !examples.isEmpty() && examples.get(0).isPair();
    }

    private static void check(LabelledText example, int labels, boolean pairs) {
        if (example.label() >= labels) {
            throw new IllegalArgumentException("label " + example.label() + " of \"" + example.first()
                    + "\", but there are only " + labels + " labels");
        }
        if (example.isPair() != pairs) {
            throw new IllegalArgumentException("single sentences and pairs in one set: \"" + example.first() + "\"");
        }
    }
}
