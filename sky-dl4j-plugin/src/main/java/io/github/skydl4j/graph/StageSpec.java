package io.github.skydl4j.graph;

import java.util.List;

/**
 * What a run of units needs from outside and gives to outside. Ranges are half-open over the units of the whole graph.
 *
 * <p>A tensor that is made before this stage and used after it is relayed: it stands in {@link #received} and in {@link
 * #sent}, so that every stage talks to its neighbours only and gradients add up in the whole graph's order.
 *
 * @param units names of the units, in topological order
 * @param feeds network inputs that units of this stage use; they come from the data, not from a neighbour
 * @param received units of earlier stages whose output crosses the cut before this stage, in topological order
 * @param sent units whose output crosses the cut after this stage, in topological order
 * @param outputs network outputs among the units
 */
public record StageSpec(
        int firstUnit,
        int endUnit,
        List<String> units,
        List<String> feeds,
        List<String> received,
        List<String> sent,
        List<String> outputs) {
    /** Copies the lists. */
    public StageSpec {
        units = List.copyOf(units);
        feeds = List.copyOf(feeds);
        received = List.copyOf(received);
        sent = List.copyOf(sent);
        outputs = List.copyOf(outputs);
    }
}
