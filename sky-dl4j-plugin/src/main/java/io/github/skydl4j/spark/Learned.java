package io.github.skydl4j.spark;

import java.util.zip.CRC32C;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checksums of what a network has learned: between two calls of {@code fit} somebody may have given it other parameters. */
record Learned(long parameters, long updaterState) {
    static Learned by(ComputationGraph network) {
        return new Learned(
                checksum(network.params()), checksum(network.getUpdater().getStateViewArray()));
    }

    private static long checksum(@Nullable INDArray array) {
        if (array == null || array.isEmpty()) {
            return 0;
        }
        CRC32C sum = new CRC32C();
        sum.update((array.isView() ? array.dup() : array).data().asNio().duplicate());
        return sum.getValue();
    }
}
