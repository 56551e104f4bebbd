package io.github.skydl4j.plan;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Which link joins two workers, by their numbers in the cluster. Immutable. */
public sealed interface Network {

    Link link(int from, int to);

    /** Whether this network can join workers numbered below {@code workers}. */
    boolean reaches(int workers);

    /** The network between these workers, numbered anew as they stand in the list. */
    Network only(List<Integer> workers);

    /**
     * The same network with numbers in another form.
     *
     * @param ofWorkers what each worker asks for on its links
     */
    Network withWires(List<WireType> ofWorkers);

    /** The same link between any two. */
    record Uniform(Link link) implements Network {
        @Override
        public Link link(int from, int to) {
            return link;
        }

        @Override
        public boolean reaches(int workers) {
            return true;
        }

        @Override
        public Network only(List<Integer> workers) {
            return this;
        }

        @Override
        public Network withWires(List<WireType> ofWorkers) {
            List<Link> links = ofWorkers.stream().map(link::withWire).toList();
            return Set.copyOf(links).size() == 1 ? new Uniform(links.get(0)) : new UpLinks(links);
        }
    }

    /** Every worker has a link of its own to a fast core; between two of them counts the slower, and 16 bits if either has them. */
    record UpLinks(List<Link> links) implements Network {
        public UpLinks {
            links = List.copyOf(links);
        }

        @Override
        public Link link(int from, int to) {
            return links.get(from).slowerOf(links.get(to));
        }

        @Override
        public boolean reaches(int workers) {
            return workers <= links.size();
        }

        @Override
        public Network only(List<Integer> workers) {
            return new UpLinks(workers.stream().map(links::get).toList());
        }

        @Override
        public Network withWires(List<WireType> ofWorkers) {
            return new UpLinks(IntStream.range(0, links.size())
                    .mapToObj(w -> links.get(w).withWire(ofWorkers.get(w)))
                    .toList());
        }
    }

    /** A link for each ordered pair, {@code rows.get(from).get(to)}. */
    record Pairs(List<List<Link>> rows) implements Network {
        public Pairs {
            rows = rows.stream().map(List::copyOf).toList();
        }

        @Override
        public Link link(int from, int to) {
            return rows.get(from).get(to);
        }

        @Override
        public boolean reaches(int workers) {
            return workers <= rows.size() && rows.stream().allMatch(row -> workers <= row.size());
        }

        @Override
        public Network only(List<Integer> workers) {
            return new Pairs(workers.stream()
                    .map(from -> workers.stream().map(rows.get(from)::get).toList())
                    .toList());
        }

        @Override
        public Network withWires(List<WireType> ofWorkers) {
            return new Pairs(IntStream.range(0, rows.size())
                    .mapToObj(from -> IntStream.range(0, rows.size())
                            .mapToObj(to ->
                                    link(from, to).withWire(ofWorkers.get(from).with(ofWorkers.get(to))))
                            .toList())
                    .toList());
        }
    }
}
