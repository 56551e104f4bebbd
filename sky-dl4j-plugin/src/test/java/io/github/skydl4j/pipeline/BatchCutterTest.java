package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.testing.SmallGraphs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class BatchCutterTest {
    private final BatchCutter cutter = new BatchCutter(SmallGraphs.chain(1).getConfiguration());

    @Test
    void cutsIntoPartsThatDifferByOneExampleAtMost() {
        List<MicroBatch> cut = cutter.cut(batch(10, 10), 4);
        assertThat(cut).extracting(MicroBatch::rows).containsExactly(3, 3, 2, 2);
        assertThat(cut).extracting(MicroBatch::offset).containsExactly(0, 3, 6, 8);
        assertThat(cut.get(2).features().get("in").getDouble(0, 0)).isEqualTo(6);
    }

    @Test
    void givesEachExampleAMicroBatchWhereThereAreTooFew() {
        assertThat(cutter.cut(batch(3, 3), 8)).hasSize(3);
    }

    @Test
    void leavesArraysAsTheyAreInASingleMicroBatch() {
        MultiDataSet batch = batch(5, 5);
        assertThat(cutter.cut(batch, 1).get(0).features().get("in")).isSameAs(batch.getFeatures(0));
    }

    @Test
    void cutsFortranOrderedArraysToo() {
        MultiDataSet batch = batch(4, 4);
        batch.setFeatures(0, batch.getFeatures(0).dup('f'));
        assertThat(cutter.cut(batch, 2).get(1).features().get("in").getDouble(0, 0))
                .isEqualTo(2);
    }

    /**
     * A batch that is a part of a larger array, as iterators over one array give: ND4J gave empty arrays for the rows whose
     * place in the larger array lies beyond the part's length.
     */
    @Test
    void cutsPartsOfLargerArrays() {
        INDArray all = batch(12, 12).getFeatures(0);
        MultiDataSet batch = new MultiDataSet(
                all.get(NDArrayIndex.interval(8, 12), NDArrayIndex.all()), Nd4j.zeros(4, SmallGraphs.CLASSES));
        List<MicroBatch> cut = cutter.cut(batch, 4);
        for (int m = 0; m < 4; m++) {
            INDArray features = cut.get(m).features().get("in");
            assertThat(features.shape()).containsExactly(1, SmallGraphs.INPUTS);
            assertThat(features.getDouble(0, 0)).isEqualTo(8 + m);
        }
    }

    @Test
    void saysWhatDoesNotFit() {
        assertThatThrownBy(() -> cutter.cut(batch(4, 3), 2)).hasMessageContaining("4 rows, another 3");
        MultiDataSet tooMany =
                new MultiDataSet(new INDArray[] {Nd4j.ones(2, 6), Nd4j.ones(2, 6)}, new INDArray[] {Nd4j.ones(2, 3)});
        assertThatThrownBy(() -> cutter.cut(tooMany, 2)).hasMessageContaining("2 arrays of features");
    }

    private static MultiDataSet batch(int features, int labels) {
        INDArray in = Nd4j.zeros(features, SmallGraphs.INPUTS);
        for (int r = 0; r < features; r++) {
            in.putScalar(r, 0, r);
        }
        return new MultiDataSet(in, Nd4j.zeros(labels, SmallGraphs.CLASSES));
    }
}
