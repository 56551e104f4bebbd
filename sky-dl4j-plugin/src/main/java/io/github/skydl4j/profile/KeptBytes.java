package io.github.skydl4j.profile;

import io.github.skydl4j.graph.UnitObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sees which buffers every unit adds to what a graph holds, while one micro-batch goes forward and backward. A buffer
 * belongs to the unit after whose work it was first seen. Confined to one thread.
 */
final class KeptBytes implements UnitObserver {
    private final ComputationGraph graph;
    private final HeldArrays held;
    private final Map<String, Set<DataBuffer>> forward = new HashMap<>();
    private final Map<String, Set<DataBuffer>> backward = new HashMap<>();

    /**
     * Creates it.
     *
     * @param held knows what is there already; what is found is added
     */
    KeptBytes(ComputationGraph graph, HeldArrays held) {
        this.graph = graph;
        this.held = held;
    }

    @Override
    public void forwardDone(String unit, INDArray output) {
        Set<DataBuffer> found = held.discover(graph.getVertex(unit));
        found.addAll(held.discover(output));
        forward.put(unit, found);
    }

    @Override
    public void backwardDone(String unit) {
        backward.put(unit, held.discover(graph.getVertex(unit)));
    }

    /** What the unit holds from its forward to its backward. */
    long forwardBytes(String unit) {
        return HeldArrays.bytes(forward.getOrDefault(unit, Set.of()));
    }

    /** What the unit's backward has added and is still there, for the next micro-batch to use again. */
    long stayingBytes(String unit, Set<DataBuffer> afterRelease) {
        return HeldArrays.bytes(backward.getOrDefault(unit, Set.of()).stream()
                .filter(afterRelease::contains)
                .toList());
    }

    /** What the unit's backward has added only while it was needed. */
    long passingBytes(String unit, Set<DataBuffer> afterRelease) {
        return HeldArrays.bytes(backward.getOrDefault(unit, Set.of()).stream()
                .filter(buffer -> !afterRelease.contains(buffer))
                .toList());
    }
}
