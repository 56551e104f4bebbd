package io.github.skydl4j.plan;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The workers at hand, numbered from 0 in the given order, and the network between them. Immutable. */
public record Cluster(List<WorkerProfile> workers, Network network) {

    public Cluster {
        workers = List.copyOf(workers);
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs at least one worker");
        }
        if (!network.reaches(workers.size())) {
            throw new IllegalArgumentException("the network does not reach all of the " + workers.size() + " workers");
        }
        Set<String> names = new HashSet<>();
        for (WorkerProfile worker : workers) {
            if (!names.add(worker.name())) {
                throw new IllegalArgumentException("two workers are named " + worker.name());
            }
        }
    }

    /** Workers in one process: transfers cost nothing. */
    public static Cluster instant(List<WorkerProfile> workers) {
        return uniform(workers, Link.INSTANT);
    }

    /** The same link between any two workers. */
    public static Cluster uniform(List<WorkerProfile> workers, Link link) {
        return new Cluster(workers, new Network.Uniform(link));
    }

    /** A link of its own for every worker; between two of them counts the slower. */
    public static Cluster upLinks(List<WorkerProfile> workers, List<Link> links) {
        return new Cluster(workers, new Network.UpLinks(links));
    }

    public int size() {
        return workers.size();
    }

    public WorkerProfile worker(int number) {
        return workers.get(number);
    }

    /** These workers alone, numbered anew as they stand in the list. */
    public Cluster only(List<Integer> numbers) {
        return new Cluster(numbers.stream().map(workers::get).toList(), network.only(numbers));
    }

    /** The same workers with numbers in this form on all links. */
    public Cluster withWire(WireType wire) {
        return withWires(Collections.nCopies(size(), wire));
    }

    /** The same workers where each asks for a form of numbers on its links; 16 bits count where either end has them. */
    public Cluster withWires(List<WireType> ofWorkers) {
        return new Cluster(workers, network.withWires(ofWorkers));
    }

    /** How numbers travel between a stage and the next; exactly where one of the two is none. */
    public WireType wire(List<StagePlan> stages, int stage) {
        return stage < 0 || stage + 1 >= stages.size()
                ? WireType.EXACT
                : link(stages.get(stage).worker(), stages.get(stage + 1).worker())
                        .wire();
    }

    public Link link(int from, int to) {
        return network.link(from, to);
    }
}
