package io.github.skydl4j;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Joins the outputs of micro-batches to those of the batch. */
final class Outputs {
    private Outputs() {}

    static INDArray[] join(List<String> names, List<Map<String, INDArray>> parts) {
        INDArray[] joined = new INDArray[names.size()];
        for (int i = 0; i < joined.length; i++) {
            String name = names.get(i);
            INDArray[] arrays = parts.stream()
                    .map(part -> Objects.requireNonNull(part.get(name), name))
                    .toArray(INDArray[]::new);
            joined[i] = arrays.length == 1 ? arrays[0] : Nd4j.concat(0, arrays);
        }
        return joined;
    }
}
