package io.github.skydl4j.profile;

import io.github.skydl4j.graph.StageGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What it costs to add a micro-batch's gradient to the sum of those before. */
final class SumCost {
    private static final int PASSES = 15;

    private SumCost() {}

    /** CPU time an element, median; uses the stage's gradient array as scratch. */
    static double nanosPerElement(StageGraph stage) {
        if (stage.numParams() == 0) {
            return 0;
        }
        INDArray view = stage.getFlattenedGradients();
        Samples samples = new Samples();
        try (INDArray sum = view.dup()) {
            for (int pass = 0; pass < PASSES; pass++) {
                long start = CpuClock.nanos();
                sum.addi(view);
                samples.add(CpuClock.nanos() - start);
            }
        }
        return (double) samples.median() / view.length();
    }
}
