package io.github.skydl4j.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which of the usable examples of a file are kept. Every choice keeps the order of the file. */
public sealed interface Sample {
    /** Keeps every example. */
    record All() implements Sample {}

    /** Keeps the first {@code count} examples, or all if there are fewer. */
    record First(int count) implements Sample {
        public First {
            requirePositive(count);
        }
    }

    /** Keeps {@code count} examples chosen by {@code seed}, or all if there are fewer. */
    record Seeded(int count, long seed) implements Sample {
        public Seeded {
            requirePositive(count);
        }
    }

    /** The kept ones of {@code all}; the same for the same seed on every machine. */
    default <T> List<T> of(List<T> all) {
        if (this instanceof First first) {
            return all.subList(0, Math.min(first.count, all.size()));
        }
        if (this instanceof Seeded seeded && seeded.count < all.size()) {
            return chosen(all, seeded);
        }
        return all;
    }

    private static <T> List<T> chosen(List<T> all, Seeded seeded) {
        List<Integer> places = new ArrayList<>(all.size());
        for (int place = 0; place < all.size(); place++) {
            places.add(place);
        }
        Collections.shuffle(places, new Random(seeded.seed));
        return places.subList(0, seeded.count).stream().sorted().map(all::get).toList();
    }

    private static void requirePositive(int count) {
        if (count < 1) {
            throw new TextException("cannot keep " + count + " examples: at least 1 is needed");
        }
    }
}
