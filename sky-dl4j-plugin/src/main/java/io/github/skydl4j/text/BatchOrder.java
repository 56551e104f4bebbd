package io.github.skydl4j.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The order in which a pass visits the examples; a pure function of the seed and the number of the pass.
 *
 * <p>To bring examples of similar length together without losing chance: shuffle, sort by length within stretches of
 * {@value #BATCHES_A_STRETCH} batches, then shuffle the batches. What does not fill a batch stays at the end.
 */
final class BatchOrder {
    private static final int BATCHES_A_STRETCH = 50;

    private final int[] lengths;
    private final BatchOptions options;

    /** @param lengths pieces of each example */
    BatchOrder(int[] lengths, BatchOptions options) {
        this.lengths = lengths.clone();
        this.options = options;
    }

    /** The places of the examples in the order of pass {@code pass}, counted from 0. */
    List<Integer> ofPass(int pass) {
        List<Integer> order = new ArrayList<>(lengths.length);
        for (int place = 0; place < lengths.length; place++) {
            order.add(place);
        }
        if (options.shuffleSeed().isEmpty()) {
            return order;
        }
        Random random = new Random(options.shuffleSeed().getAsLong() * 1_000_003L + pass);
        Collections.shuffle(order, random);
        return options.padding() == BatchOptions.Padding.LONGEST ? byLength(order, random) : order;
    }

    private List<Integer> byLength(List<Integer> shuffled, Random random) {
        int size = options.batchSize();
        int full = shuffled.size() - shuffled.size() % size;
        List<List<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < full; from += size * BATCHES_A_STRETCH) {
            List<Integer> stretch =
                    new ArrayList<>(shuffled.subList(from, Math.min(full, from + size * BATCHES_A_STRETCH)));
            stretch.sort(Comparator.comparingInt(place -> lengths[place]));
            for (int first = 0; first < stretch.size(); first += size) {
                batches.add(stretch.subList(first, first + size));
            }
        }
        Collections.shuffle(batches, random);
        List<Integer> order = new ArrayList<>(shuffled.size());
        batches.forEach(order::addAll);
        order.addAll(shuffled.subList(full, shuffled.size()));
        return order;
    }
}
