package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubsetLabelsTest {

    private static final int ONE = 0b01;
    private static final int OTHER = 0b10;

    @Test
    void dropsWhatIsWorseInEveryRespectOfTheSameSubsetOnly() {
        SubsetLabels labels = labels(0);
        int kept = labels.add(ONE, 5, 100, 40, 0, 2, false);

        assertThat(labels.add(ONE, 6, 90, 41, 0, 3, false)).isNegative();
        int farther = labels.add(ONE, 4, 90, 41, 0, 3, false);
        int other = labels.add(OTHER, 6, 90, 41, 0, 3, false);

        assertThat(left(labels)).containsExactlyInAnyOrder(kept, farther, other);
    }

    @Test
    void dropsEarlierLabelsThatALaterOneIsAsGoodAs() {
        SubsetLabels labels = labels(0);
        labels.add(ONE, 5, 100, 40, 0, 2, false);
        int unlike = labels.add(ONE, 5, 120, 50, 0, 2, false);
        int better = labels.add(ONE, 5, 101, 39, 0, 2, true);

        assertThat(left(labels)).containsExactlyInAnyOrder(unlike, better);
    }

    @Test
    void givesTheBetterTimesToOneOfTwoThatDifferByNoMoreThanTheTolerance() {
        SubsetLabels labels = labels(2);
        int kept = labels.add(ONE, 5, 100, 40, 7, 2, false);

        assertThat(labels.add(ONE, 5, 101.5, 39, 6, 2, false)).isNegative();
        assertThat(labels.add(ONE, 5, 104, 39, 6, 2, false)).isNotNegative();

        assertThat(labels.mostBefore(kept)).isEqualTo(101.5);
        assertThat(labels.nanos(kept)).isEqualTo(39);
        assertThat(labels.weight(kept)).isEqualTo(6);
    }

    @Test
    void doesNotMergeWhatHasComeFartherOrDemandsLess() {
        SubsetLabels labels = labels(1000);
        labels.add(ONE, 5, 100, 40, 0, 2, false);

        assertThat(labels.add(ONE, 4, 99, 41, 0, 2, false)).isNotNegative();
        assertThat(labels.add(ONE, 5, 99, 41, 0, 1, false)).isNotNegative();
        assertThat(labels.add(ONE, 5, 99, 41, 0, 2, true)).isNotNegative();
    }

    @Test
    void saysWhatIsCoveredWithoutTheTolerance() {
        SubsetLabels labels = labels(2);
        labels.add(ONE, 5, 100, 40, 0, 2, false);

        assertThat(labels.isCovered(ONE, 5, 100, 40, 2, false)).isTrue();
        assertThat(labels.isCovered(ONE, 5, 101, 40, 2, false)).isFalse();
        assertThat(labels.isCovered(OTHER, 5, 100, 40, 2, false)).isFalse();
    }

    @Test
    void tellsThoseOfASubsetOneAfterTheOther() {
        SubsetLabels labels = labels(0);
        for (int i = 0; i < 3000; i++) {
            labels.add(i % 2 == 0 ? ONE : OTHER, i, i, 0, 0, 1, false);
        }
        labels.done();

        int[] subsets = IntStream.range(0, labels.left())
                .map(number -> labels.subset(labels.label(number)))
                .toArray();
        assertThat(subsets).hasSize(3000);
        assertThat(IntStream.range(1, subsets.length).filter(i -> subsets[i] != subsets[i - 1]))
                .hasSize(1);
    }

    private static SubsetLabels labels(double tolerance) {
        int[] firstOf = new int[4];
        Arrays.fill(firstOf, -1);
        return new SubsetLabels(firstOf, tolerance);
    }

    private static List<Integer> left(SubsetLabels labels) {
        labels.done();
        return IntStream.range(0, labels.left()).mapToObj(labels::label).toList();
    }
}
