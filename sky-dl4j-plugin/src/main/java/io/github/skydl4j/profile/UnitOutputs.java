package io.github.skydl4j.profile;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.graph.UnitObserver;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The shapes and sizes of what the units give for a micro-batch, from one forward of the whole network. */
final class UnitOutputs implements UnitObserver {
    private final Map<String, String> shapes = new HashMap<>();
    private final Map<String, Long> bytes = new HashMap<>();

    private UnitOutputs() {}

    static UnitOutputs of(GraphSplitter splitter, MicroBatch sample) {
        UnitOutputs outputs = new UnitOutputs();
        sample.features().forEach(outputs::forwardDone);
        StageGraph whole = splitter.stage(0, splitter.units().size(), Storage.SHARED);
        whole.observe(outputs);
        whole.infer(sample, Map.of(), new HashMap<>());
        return outputs;
    }

    @Override
    public void forwardDone(String unit, INDArray output) {
        shapes.put(unit, output.dataType() + Arrays.toString(output.shape()));
        bytes.put(unit, output.length() * output.dataType().width());
    }

    @Override
    public void backwardDone(String unit) {
        throw new IllegalStateException("there is no backward in inference");
    }

    /** Type and shape of a unit's output, or of a network input. */
    String shape(String tensor) {
        return Objects.requireNonNull(shapes.get(tensor), tensor);
    }

    long bytes(String unit) {
        return Objects.requireNonNull(bytes.get(unit), unit);
    }
}
