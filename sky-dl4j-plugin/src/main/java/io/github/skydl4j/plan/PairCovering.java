package io.github.skydl4j.plan;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Exact for few workers whose links differ. Reaching farther is then not always better, since a cut must suit the link
 * between its two workers; so for every subset, and every worker of it that holds the front stage, all units are kept
 * at which that stage can begin. O(2^workers x workers^2 x units) a question.
 */
final class PairCovering implements Covering {

    private static final double MOST_WORK = 5e7;

    private final CostModel costs;
    private final boolean freeOrder;
    private final int workers;

    PairCovering(CostModel costs) {
        this.costs = costs;
        this.freeOrder = costs.request().options().freeOrder();
        this.workers = costs.workers();
    }

    static boolean affords(CostModel costs) {
        return Math.pow(2, costs.workers()) * costs.workers() * costs.workers() * costs.units() <= MOST_WORK;
    }

    @Override
    public Optional<List<StagePlan>> within(long bottleneckNanos) {
        Reach reach = Reach.withoutLinks(costs, bottleneckNanos);
        BitSet[][] starts = new BitSet[1 << workers][];
        for (int subset = 0; subset < starts.length; subset++) {
            starts[subset] = new BitSet[workers];
            for (int front = 0; front < workers; front++) {
                if ((subset >> front & 1) == 1) {
                    starts[subset][front] = startsOf(reach, starts, subset, front, bottleneckNanos);
                    if (starts[subset][front].get(0)) {
                        return Optional.of(trace(reach, starts, subset, front, bottleneckNanos));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private BitSet startsOf(Reach reach, BitSet[][] starts, int subset, int front, long bottleneckNanos) {
        BitSet possible = new BitSet(costs.units());
        int behind = subset & ~(1 << front);
        int fromEnd = Integer.bitCount(subset);
        if (behind == 0) {
            possible.set(reach.first(front, 1, costs.units()), costs.units());
        }
        for (int next = 0; next < workers; next++) {
            if (follows(behind, front, next)) {
                BitSet cuts = starts[behind][next];
                for (int cut = cuts.nextSetBit(0); cut >= 0; cut = cuts.nextSetBit(cut + 1)) {
                    if (costs.link(front, next, cut) <= bottleneckNanos) {
                        possible.set(reach.first(front, fromEnd, cut), cut);
                    }
                }
            }
        }
        return possible;
    }

    private boolean follows(int behind, int front, int next) {
        return (behind >> next & 1) == 1 && (freeOrder || front < next);
    }

    private List<StagePlan> trace(Reach reach, BitSet[][] starts, int subset, int front, long bottleneckNanos) {
        Deque<StagePlan> stages = new ArrayDeque<>();
        int left = subset;
        int worker = front;
        int start = 0;
        while (Integer.bitCount(left) > 1) {
            int behind = left & ~(1 << worker);
            StagePlan stage = stage(reach, starts, behind, worker, start, bottleneckNanos);
            stages.addLast(stage);
            worker = follower(starts, behind, worker, stage.endUnit(), bottleneckNanos);
            left = behind;
            start = stage.endUnit();
        }
        stages.addLast(new StagePlan(worker, start, costs.units()));
        return List.copyOf(stages);
    }

    private StagePlan stage(Reach reach, BitSet[][] starts, int behind, int worker, int start, long bottleneckNanos) {
        int fromEnd = Integer.bitCount(behind) + 1;
        for (int cut = start + 1; cut < costs.units(); cut++) {
            if (reach.first(worker, fromEnd, cut) <= start
                    && follower(starts, behind, worker, cut, bottleneckNanos) >= 0) {
                return new StagePlan(worker, start, cut);
            }
        }
        throw new IllegalStateException("the covering lost its own trace at unit " + start);
    }

    /** The first worker whose stage can begin at the cut, behind the given front worker; -1 if there is none. */
    private int follower(BitSet[][] starts, int behind, int front, int cut, long bottleneckNanos) {
        for (int next = 0; next < workers; next++) {
            if (follows(behind, front, next)
                    && starts[behind][next].get(cut)
                    && costs.link(front, next, cut) <= bottleneckNanos) {
                return next;
            }
        }
        return -1;
    }
}
