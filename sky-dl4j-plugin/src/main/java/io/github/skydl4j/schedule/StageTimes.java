package io.github.skydl4j.schedule;

import java.util.Collections;
import java.util.List;

/**
 * What one micro-batch costs on every stage and link of a pipeline, in nanoseconds, and what the update at the end of a
 * step costs. {@code linkNanos.get(i)} is one transfer between stage i and i + 1, the same in either direction. Immutable.
 *
 * @param endsShared whether the first and the last stage run on one worker, which does one thing at a time
 */
public record StageTimes(
        List<Long> forwardNanos,
        List<Long> backwardNanos,
        List<Long> linkNanos,
        List<Long> updateNanos,
        boolean endsShared) {

    public StageTimes {
        forwardNanos = List.copyOf(forwardNanos);
        backwardNanos = List.copyOf(backwardNanos);
        linkNanos = List.copyOf(linkNanos);
        updateNanos = List.copyOf(updateNanos);
        int stages = forwardNanos.size();
        if (stages == 0 || backwardNanos.size() != stages || linkNanos.size() != stages - 1) {
            throw new IllegalArgumentException("found " + stages + " forward, " + backwardNanos.size()
                    + " backward and " + linkNanos.size() + " link times: n stages have n, n and n - 1");
        }
        if (endsShared && stages < 3) {
            throw new IllegalArgumentException(
                    stages + " stages cannot share their ends: a worker with all of them has one");
        }
        if (updateNanos.size() != stages) {
            throw new IllegalArgumentException(
                    "found " + updateNanos.size() + " update times for " + stages + " stages: each has one");
        }
        requireNotNegative(updateNanos);
        requireNotNegative(forwardNanos);
        requireNotNegative(backwardNanos);
        requireNotNegative(linkNanos);
    }

    /** Stages whose update takes no time. */
    public StageTimes(List<Long> forwardNanos, List<Long> backwardNanos, List<Long> linkNanos, boolean endsShared) {
        this(forwardNanos, backwardNanos, linkNanos, noUpdates(forwardNanos.size()), endsShared);
    }

    /** Every stage on a worker of its own. */
    public StageTimes(List<Long> forwardNanos, List<Long> backwardNanos, List<Long> linkNanos, List<Long> updateNanos) {
        this(forwardNanos, backwardNanos, linkNanos, updateNanos, false);
    }

    /** Stages on workers of their own, whose update takes no time. */
    public StageTimes(List<Long> forwardNanos, List<Long> backwardNanos, List<Long> linkNanos) {
        this(forwardNanos, backwardNanos, linkNanos, false);
    }

    /** Equal stages and equal links. */
    public static StageTimes uniform(int stages, long forwardNanos, long backwardNanos, long linkNanos) {
        return new StageTimes(
                Collections.nCopies(stages, forwardNanos),
                Collections.nCopies(stages, backwardNanos),
                Collections.nCopies(stages - 1, linkNanos));
    }

    public int stageCount() {
        return forwardNanos.size();
    }

    public long forward(int stage) {
        return forwardNanos.get(stage);
    }

    public long backward(int stage) {
        return backwardNanos.get(stage);
    }

    /** Forward and backward of one micro-batch on the stage. */
    public long compute(int stage) {
        return forward(stage) + backward(stage);
    }

    /** One transfer from stage {@code i} to {@code i + 1}, or back. */
    public long link(int i) {
        return linkNanos.get(i);
    }

    /** The stage that stands for the worker of a stage: the first for the last where both are on one, else itself. */
    int workerOf(int stage) {
        return endsShared && stage == stageCount() - 1 ? 0 : stage;
    }

    /** The longest update of a worker: they update at the same time, when all micro-batches are through. */
    public long longestUpdate() {
        long longest = Collections.max(updateNanos);
        return endsShared ? Math.max(longest, updateNanos.get(0) + updateNanos.get(stageCount() - 1)) : longest;
    }

    /** The longest time that any worker, or any link in one direction, is occupied by one micro-batch. */
    public long bottleneck() {
        long longest = endsShared ? compute(0) + compute(stageCount() - 1) : 0;
        for (int i = 0; i < stageCount(); i++) {
            longest = Math.max(longest, compute(i));
        }
        for (long link : linkNanos) {
            longest = Math.max(longest, link);
        }
        return longest;
    }

    private static void requireNotNegative(List<Long> nanos) {
        for (long value : nanos) {
            if (value < 0) {
                throw new IllegalArgumentException("a time of " + value + " ns is negative");
            }
        }
    }

    private static List<Long> noUpdates(int stages) {
        return Collections.nCopies(stages, 0L);
    }
}
