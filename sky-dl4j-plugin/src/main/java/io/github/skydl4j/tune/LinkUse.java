package io.github.skydl4j.tune;

/** A transfer of so many bytes, as they travel, between two workers, as measured in a run. */
record LinkUse(int from, int to, long bytes, long nanos) {

    /** Two workers, whatever the direction. */
    record Pair(int lower, int upper) implements Comparable<Pair> {
        static Pair of(int one, int other) {
            return new Pair(Math.min(one, other), Math.max(one, other));
        }

        @Override
        public int compareTo(Pair other) {
            int byLower = Integer.compare(lower, other.lower);
            return byLower == 0 ? Integer.compare(upper, other.upper) : byLower;
        }
    }

    Pair pair() {
        return Pair.of(from, to);
    }
}
