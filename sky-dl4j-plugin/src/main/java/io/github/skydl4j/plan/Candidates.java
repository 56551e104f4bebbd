package io.github.skydl4j.plan;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the so many best extensions of a beam: best score first, then least start, then first offered. */
final class Candidates {

    record Candidate(double score, double slack, int parent, int added, int start, int offered) {

        static final Comparator<Candidate> WORST_FIRST = Comparator.comparingDouble(Candidate::score)
                .thenComparing(Comparator.comparingInt(Candidate::start).reversed())
                .thenComparing(Comparator.comparingInt(Candidate::offered).reversed());
    }

    private final int capacity;
    private final PriorityQueue<Candidate> worstFirst;
    private int offered;

    Candidates(int capacity) {
        this.capacity = capacity;
        this.worstFirst = new PriorityQueue<>(capacity + 1, Candidate.WORST_FIRST);
    }

    void offer(double score, double slack, int parent, int added, int start) {
        if (worstFirst.size() == capacity && score < worstFirst.element().score) {
            return;
        }
        worstFirst.add(new Candidate(score, slack, parent, added, start, offered++));
        if (worstFirst.size() > capacity) {
            worstFirst.remove();
        }
    }

    List<Candidate> bestFirst() {
        return worstFirst.stream().sorted(Candidate.WORST_FIRST.reversed()).toList();
    }
}
