package io.github.skydl4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class StepBatchesTest {
    @Test
    void joinsAndCutsBatchesOfAnySizeInOrder() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            INDArray features = Nd4j.rand(1 + random.nextInt(60), 3);
            INDArray labels = features.mul(2);
            int size = 1 + random.nextInt(20);

            List<org.nd4j.linalg.dataset.api.MultiDataSet> steps = new ArrayList<>();
            new StepBatches(pieces(features, labels, random).iterator(), size).forEachRemaining(steps::add);

            long rows = features.size(0);
            assertThat(steps).hasSize((int) ((rows + size - 1) / size));
            for (int s = 0; s < steps.size(); s++) {
                long first = (long) s * size;
                long end = Math.min(rows, first + size);
                assertThat(steps.get(s).getFeatures(0)).isEqualTo(rows(features, first, end));
                assertThat(steps.get(s).getLabels(0)).isEqualTo(rows(labels, first, end));
            }
        }
    }

    @Test
    void passesABatchOfTheRightSizeAsItIs() {
        MultiDataSet batch = new MultiDataSet(Nd4j.rand(4, 3), Nd4j.rand(4, 1));

        assertThat(new StepBatches(List.of(batch).iterator(), 4).next()).isSameAs(batch);
    }

    @Test
    void takesBatchesAsTheyComeWithoutASize() {
        MultiDataSet first = new MultiDataSet(Nd4j.rand(4, 3), Nd4j.rand(4, 1));
        MultiDataSet second = new MultiDataSet(Nd4j.rand(7, 3), Nd4j.rand(7, 1));
        StepBatches steps = new StepBatches(List.of(first, second).iterator(), 0);

        assertThat(steps.next()).isSameAs(first);
        assertThat(steps.next()).isSameAs(second);
        assertThat(steps.hasNext()).isFalse();
    }

    /** One row of a matrix is a vector to ND4J. */
    private static INDArray rows(INDArray array, long first, long end) {
        return array.get(NDArrayIndex.interval(first, end), NDArrayIndex.all()).reshape(end - first, 3);
    }

    private static List<MultiDataSet> pieces(INDArray features, INDArray labels, Random random) {
        List<MultiDataSet> pieces = new ArrayList<>();
        long first = 0;
        while (first < features.size(0)) {
            long end = Math.min(features.size(0), first + 1 + random.nextInt(9));
            pieces.add(new MultiDataSet(rows(features, first, end), rows(labels, first, end)));
            first = end;
        }
        return pieces;
    }
}
