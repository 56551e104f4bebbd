package io.github.skydl4j.plan;

import java.util.Arrays;

/**
 * The stages that may be laid in front of others, as the so many-th from the end and up to a unit: those first that with all
 * in front of them weigh least in a {@link StepRelaxation}, so that a search which allows only so much weight can stop early.
 * Immutable.
 */
final class StagesInFront {

    /** How finely weights are told apart to order them: a double has 52 bits, and numbers of stages need some as well. */
    private static final int WEIGHT_BITS = 40;

    private static final int NUMBER_BITS = 62 - WEIGHT_BITS;

    private final double[] leastWeight;
    private final int[] worker;
    private final int[] first;
    private final long[] forward;
    private final long[] backward;
    private final int[] mostInFlight;

    /**
     * Stages of all workers.
     *
     * @param relaxation after {@link StepRelaxation#bound}
     * @param classOf of every worker
     * @param mostWeight of a stage with all in front of it that can be of use
     */
    StagesInFront(StepRelaxation relaxation, int[] classOf, int place, int end, double mostWeight) {
        StageLimits limits = relaxation.limits();
        int most = 0;
        for (int workerClass : classOf) {
            most += end - limits.low(place, workerClass, end);
        }
        int[] workers = new int[most];
        int[] firsts = new int[most];
        double[] weights = new double[most];
        long[] order = new long[most];
        int count = 0;
        for (int w = 0; w < classOf.length; w++) {
            for (int start = limits.low(place, classOf[w], end); start < end; start++) {
                double weight = relaxation.stageWeight(classOf[w], start, end) + relaxation.rest(place, start);
                if (weight <= mostWeight) {
                    workers[count] = w;
                    firsts[count] = start;
                    weights[count] = weight;
                    order[count] =
                            (long) Math.floor(weight / mostWeight * (1L << (WEIGHT_BITS - 1))) << NUMBER_BITS | count;
                    count++;
                }
            }
        }
        Arrays.sort(order, 0, count);
        leastWeight = new double[count];
        worker = new int[count];
        first = new int[count];
        forward = new long[count];
        backward = new long[count];
        mostInFlight = new int[count];
        for (int i = 0; i < count; i++) {
            int from = (int) (order[i] & ((1L << NUMBER_BITS) - 1));
            leastWeight[i] = weights[from];
            worker[i] = workers[from];
            first[i] = firsts[from];
            forward[i] = relaxation.costs().forward(worker[i], first[i], end);
            backward[i] = relaxation.costs().backward(worker[i], first[i], end);
            mostInFlight[i] = (int) limits.mostInFlight(place, worker[i], first[i], end);
        }
    }

    int size() {
        return first.length;
    }

    /** What the stage and the lightest ones in front of it weigh. */
    double leastWeight(int stage) {
        return leastWeight[stage];
    }

    int worker(int stage) {
        return worker[stage];
    }

    int first(int stage) {
        return first[stage];
    }

    long forward(int stage) {
        return forward[stage];
    }

    long backward(int stage) {
        return backward[stage];
    }

    /** How many micro-batches it can have in flight. */
    int mostInFlight(int stage) {
        return mostInFlight[stage];
    }
}
