package io.github.skydl4j.plan;

import java.util.Map;

/**
 * How numbers travel over the links of workers that are known by name, before it is known who takes part. Immutable.
 *
 * @param usual on all links at least
 * @param ofWorkers what is asked for on the links of single workers
 */
public record WireTypes(WireType usual, Map<String, WireType> ofWorkers) {
    /** As they are, everywhere. */
    public static final WireTypes EXACT = new WireTypes(WireType.EXACT, Map.of());

    public WireTypes {
        ofWorkers = Map.copyOf(ofWorkers);
    }

    /** On the links of a worker. */
    public WireType of(String worker) {
        return usual.with(ofWorkers.getOrDefault(worker, WireType.EXACT));
    }
}
