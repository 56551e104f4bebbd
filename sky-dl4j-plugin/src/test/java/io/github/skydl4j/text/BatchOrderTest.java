package io.github.skydl4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.text.BatchOptions.Padding;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
    private static final int BATCH = 16;
    private static final int[] LENGTHS = new Random(3).ints(1003, 3, 60).toArray();

    @Test
    void bringsSimilarLengthsTogether() {
        BatchOptions shuffled = BatchOptions.shuffled(BATCH, 64, 9);

        long mixed = paddedLength(new BatchOrder(LENGTHS, shuffled).ofPass(0));
        long sorted = paddedLength(new BatchOrder(LENGTHS, shuffled.withPadding(Padding.LONGEST)).ofPass(0));

        assertThat(sorted).isLessThan(mixed * 6 / 10);
    }

    @Test
    void visitsEveryExampleOnceInEveryPass() {
        BatchOrder order =
                new BatchOrder(LENGTHS, BatchOptions.shuffled(BATCH, 64, 9).withPadding(Padding.LONGEST));

        for (int pass = 0; pass < 3; pass++) {
            assertThat(order.ofPass(pass)).hasSize(1003).doesNotHaveDuplicates();
        }
        assertThat(order.ofPass(1)).isEqualTo(order.ofPass(1)).isNotEqualTo(order.ofPass(0));
    }

    private static long paddedLength(List<Integer> order) {
        return IntStream.iterate(0, first -> first < order.size(), first -> first + BATCH)
                .mapToObj(first -> order.subList(first, Math.min(first + BATCH, order.size())))
                .mapToLong(batch -> (long) batch.size()
                        * batch.stream().mapToInt(place -> LENGTHS[place]).max().orElse(0))
                .sum();
    }
}
