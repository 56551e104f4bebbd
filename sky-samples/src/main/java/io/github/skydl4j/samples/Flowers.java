package io.github.skydl4j.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Flowers of three kinds, told apart by four measures that are drawn around a mean for each kind. */
final class Flowers {
    static final int MEASURES = 4;
    static final int KINDS = 3;

    private static final double[][] MEANS = {{5.0, 3.4, 1.5, 0.2}, {5.9, 2.8, 4.3, 1.3}, {6.6, 3.0, 5.6, 2.0}};
    private static final double SPREAD = 0.35;

    private Flowers() {}

    static DataSetIterator drawn(int count, int batch, long seed) {
        Random random = new Random(seed);
        List<DataSet> flowers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(KINDS);
            float[] measures = new float[MEASURES];
            for (int m = 0; m < measures.length; m++) {
                measures[m] = (float) (MEANS[kind][m] + SPREAD * random.nextGaussian());
            }
            float[] label = new float[KINDS];
            label[kind] = 1;
            flowers.add(new DataSet(row(measures), row(label)));
        }
        return new ListDataSetIterator<>(flowers, batch);
    }

    private static INDArray row(float[] values) {
        return Nd4j.createFromArray(new float[][] {values});
    }
}
