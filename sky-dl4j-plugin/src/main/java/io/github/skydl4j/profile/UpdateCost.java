package io.github.skydl4j.profile;

import io.github.skydl4j.graph.StageGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the updater costs, once a step. */
final class UpdateCost {
    private static final int UPDATES = 15;

    private UpdateCost() {}

    /** CPU time a parameter, median over updates with fresh gradients; the stage's parameters are restored. */
    static double nanosPerParameter(Rehearsal rehearsal, int rows) {
        StageGraph stage = rehearsal.stage();
        if (stage.numParams() == 0) {
            return 0;
        }
        Samples samples = new Samples();
        try (INDArray parameters = stage.params().dup()) {
            for (int update = 0; update < UPDATES; update++) {
                rehearsal.forward();
                rehearsal.backward();
                long start = CpuClock.nanos();
                stage.applyUpdate(rows);
                samples.add(CpuClock.nanos() - start);
                rehearsal.release();
                stage.params().assign(parameters);
            }
        }
        return (double) samples.median() / stage.numParams();
    }
}
