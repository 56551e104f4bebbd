package io.github.skydl4j.plan;

import java.util.List;

/** Which link joins two workers, by their numbers in the cluster. Immutable. */
public sealed interface Network {

    Link link(int from, int to);

    /** Whether this network can join workers numbered below {@code workers}. */
    boolean reaches(int workers);

    /** The network between these workers, numbered anew as they stand in the list. */
    Network only(List<Integer> workers);

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
    }

    /** Every worker has a link of its own to a fast core; between two of them counts the slower. */
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
    }
}
