package io.github.skydl4j.profile;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataBuffer;

/**
 * What the units of a stage hold, counted array by array.
 *
 * <p>Two graphs of the stage take a micro-batch each, forward and backward. What the second one adds is the price of one
 * more micro-batch in flight; what only the first one has added is there once a stage, as is what a backward adds and
 * drops again.
 */
final class StageMemoryUse {
    private final Map<String, Long> inFlight = new HashMap<>();
    private final Map<String, Long> resident = new HashMap<>();

    private StageMemoryUse() {}

    static StageMemoryUse of(Rehearsal rehearsal, MicroBatch sample) {
        StageGraph first = rehearsal.stage();
        HeldArrays held = new HeldArrays();
        held.discover(first);
        held.discover(sample.features());
        held.discover(sample.labels());
        held.discover(first.params());
        held.discover(first.getFlattenedGradients());
        for (GraphVertex vertex : first.getVertices()) {
            held.discover(vertex);
        }
        StageMemoryUse alone = one(rehearsal, held);
        StageMemoryUse more = one(rehearsal.with(first.replica()), held);
        for (String unit : first.spec().units()) {
            long shared = alone.kept(unit) - more.kept(unit);
            more.resident.merge(unit, Math.max(0, shared), Long::sum);
        }
        return more;
    }

    /** Bytes that the unit holds for every micro-batch in flight. */
    long inFlightBytes(String unit) {
        return inFlight.getOrDefault(unit, 0L);
    }

    /** Bytes that the unit needs besides, once. */
    long residentBytes(String unit) {
        return resident.getOrDefault(unit, 0L);
    }

    private long kept(String unit) {
        return inFlightBytes(unit);
    }

    private static StageMemoryUse one(Rehearsal rehearsal, HeldArrays held) {
        StageGraph graph = rehearsal.stage();
        KeptBytes kept = new KeptBytes(graph, held);
        graph.observe(kept);
        rehearsal.forward();
        rehearsal.backward();
        rehearsal.release();
        StageMemoryUse use = new StageMemoryUse();
        Set<DataBuffer> after = HeldArrays.reachable(graph.getVertices());
        for (String unit : graph.spec().units()) {
            use.inFlight.put(unit, kept.forwardBytes(unit) + kept.stayingBytes(unit, after));
            use.resident.put(unit, kept.passingBytes(unit, after));
        }
        return use;
    }
}
