package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Orders of workers one step away: one dropped, two exchanged, one moved, one added. Made lazily. */
record OrderNeighbours(List<Integer> order, int workers) implements Iterable<List<Integer>> {

    OrderNeighbours {
        order = List.copyOf(order);
    }

    @Override
    public Iterator<List<Integer>> iterator() {
        return Stream.of(dropped(), exchanged(), moved(), added())
                .flatMap(neighbours -> neighbours)
                .iterator();
    }

    private Stream<List<Integer>> dropped() {
        return order.size() < 2
                ? Stream.of()
                : places().mapToObj(place -> {
                    List<Integer> neighbour = new ArrayList<>(order);
                    neighbour.remove(place);
                    return neighbour;
                });
    }

    private Stream<List<Integer>> exchanged() {
        return places().boxed()
                .flatMap(a -> IntStream.range(a + 1, order.size()).mapToObj(b -> {
                    List<Integer> neighbour = new ArrayList<>(order);
                    Collections.swap(neighbour, a, b);
                    return neighbour;
                }));
    }

    private Stream<List<Integer>> moved() {
        return places().boxed()
                .flatMap(from -> places().filter(to -> Math.abs(from - to) > 1).mapToObj(to -> {
                    List<Integer> neighbour = new ArrayList<>(order);
                    neighbour.add(to, neighbour.remove((int) from));
                    return neighbour;
                }));
    }

    private Stream<List<Integer>> added() {
        return IntStream.range(0, workers)
                .filter(worker -> !order.contains(worker))
                .boxed()
                .flatMap(worker -> IntStream.rangeClosed(0, order.size()).mapToObj(place -> {
                    List<Integer> neighbour = new ArrayList<>(order);
                    neighbour.add(place, worker);
                    return neighbour;
                }));
    }

    private IntStream places() {
        return IntStream.range(0, order.size());
    }
}
