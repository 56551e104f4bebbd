package io.github.skydl4j.plan;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What subsets of the workers have reached, in {@link SubsetSearch}: of each label the subset, the first unit of its stages,
 * the most time that the stages before may take, the time and the weight of its own, how many micro-batches in flight those
 * before must have room for, and whether the longest stage is among them. Of two labels of a subset the one is dropped that is
 * worse in every respect but the weight; if it is better in a time, but by no more than a tolerance, the other one is given that
 * time. So there are fewer labels, which promise a little more than there is. A table of numbers, as
 * there are many; labels of a subset are chained. Confined to one thread.
 */
final class SubsetLabels {

    private static final int FIRST_SIZE = 1024;

    private final int[] firstOf;
    private final double tolerance;
    private int[] subset = new int[FIRST_SIZE];
    private int[] first = new int[FIRST_SIZE];
    private double[] mostBefore = new double[FIRST_SIZE];
    private double[] nanos = new double[FIRST_SIZE];
    private double[] weight = new double[FIRST_SIZE];
    private int[] mustHold = new int[FIRST_SIZE];
    private int[] trail = new int[FIRST_SIZE];
    private boolean[] hasLongest = new boolean[FIRST_SIZE];
    private boolean[] dropped = new boolean[FIRST_SIZE];
    private int[] after = new int[FIRST_SIZE];
    private int[] order = new int[FIRST_SIZE];
    private int size;
    private int left;
    private long compared;

    /**
     * No labels.
     *
     * @param firstOf -1 for each subset; it can be shared by tables of which one at a time is added to
     * @param tolerance by how much labels that count as one can differ in either time
     */
    SubsetLabels(int[] firstOf, double tolerance) {
        this.firstOf = firstOf;
        this.tolerance = tolerance;
    }

    /** How many were added, those that were dropped counted. */
    int size() {
        return size;
    }

    /** How many are left after {@link #done}. */
    int left() {
        return left;
    }

    /** One of those that are left after {@link #done}: all of a subset are next to each other. */
    int label(int number) {
        return order[number];
    }

    int subset(int label) {
        return subset[label];
    }

    int first(int label) {
        return first[label];
    }

    double mostBefore(int label) {
        return mostBefore[label];
    }

    double nanos(int label) {
        return nanos[label];
    }

    double weight(int label) {
        return weight[label];
    }

    int mustHold(int label) {
        return mustHold[label];
    }

    /** Where the stages of the label are in a {@link StageTrail}. */
    int trail(int label) {
        return trail[label];
    }

    boolean hasLongest(int label) {
        return hasLongest[label];
    }

    /** How many labels were compared since there were none. */
    long compared() {
        return compared;
    }

    /** Forgets all labels. */
    void clear() {
        size = 0;
        left = 0;
        compared = 0;
    }

    /** Ends adding: another table may be added to. */
    void done() {
        order = order.length < size ? new int[after.length] : order;
        for (int label = 0; label < size; label++) {
            for (int own = firstOf[subset[label]]; own >= 0; own = after[own]) {
                order[left] = own;
                left += dropped[own] ? 0 : 1;
            }
            firstOf[subset[label]] = -1;
        }
    }

    /** Whether a label of the subset is as good in every respect but the weight, whatever the tolerance. */
    boolean isCovered(
            int ofSubset,
            int firstUnit,
            double mostNanosBefore,
            double ownNanos,
            int inFlightBefore,
            boolean withLongest) {
        for (int label = firstOf[ofSubset]; label >= 0; label = after[label]) {
            compared++;
            if (isAsGood(label, firstUnit, mostNanosBefore, ownNanos, inFlightBefore, withLongest)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAsGood(
            int label,
            int firstUnit,
            double mostNanosBefore,
            double ownNanos,
            int inFlightBefore,
            boolean withLongest) {
        return first[label] <= firstUnit
                && mostBefore[label] >= mostNanosBefore
                && nanos[label] <= ownNanos
                && mustHold[label] <= inFlightBefore
                && (hasLongest[label] || !withLongest);
    }

    /** Adds a label unless one of its subset is as good, and drops those that are no better; its number, or -1. */
    int add(
            int ofSubset,
            int firstUnit,
            double mostNanosBefore,
            double ownNanos,
            double ownWeight,
            int inFlightBefore,
            boolean withLongest) {
        int before = -1;
        for (int label = firstOf[ofSubset]; label >= 0; label = after[label]) {
            compared++;
            if (isAsGood(
                    label, firstUnit, mostNanosBefore - tolerance, ownNanos + tolerance, inFlightBefore, withLongest)) {
                mostBefore[label] = Math.max(mostBefore[label], mostNanosBefore);
                nanos[label] = Math.min(nanos[label], ownNanos);
                weight[label] = Math.min(weight[label], ownWeight);
                return -1;
            }
            if (first[label] >= firstUnit
                    && mostBefore[label] <= mostNanosBefore
                    && nanos[label] >= ownNanos
                    && mustHold[label] >= inFlightBefore
                    && (withLongest || !hasLongest[label])) {
                drop(label, before);
            } else {
                before = label;
            }
        }
        int added = next();
        subset[added] = ofSubset;
        first[added] = firstUnit;
        mostBefore[added] = mostNanosBefore;
        nanos[added] = ownNanos;
        weight[added] = ownWeight;
        mustHold[added] = inFlightBefore;
        trail[added] = StageTrail.NOTHING;
        hasLongest[added] = withLongest;
        after[added] = firstOf[ofSubset];
        firstOf[ofSubset] = added;
        return added;
    }

    void setTrail(int label, int ownTrail) {
        trail[label] = ownTrail;
    }

    /** Drops all but so many labels, those for which the value is least. */
    void keepLeast(int most, IntToDoubleFunction value) {
        double[] values = IntStream.range(0, size)
                .filter(label -> !dropped[label])
                .mapToDouble(value)
                .sorted()
                .toArray();
        if (values.length > most) {
            for (int label = 0; label < size; label++) {
                dropped[label] |= value.applyAsDouble(label) >= values[most];
            }
        }
    }

    /** Takes a label out of its chain, where it comes after another, or first if that is -1. */
    private void drop(int label, int before) {
        dropped[label] = true;
        if (before < 0) {
            firstOf[subset[label]] = after[label];
        } else {
            after[before] = after[label];
        }
    }

    private int next() {
        if (size == first.length) {
            int length = 2 * size;
            subset = Arrays.copyOf(subset, length);
            first = Arrays.copyOf(first, length);
            mostBefore = Arrays.copyOf(mostBefore, length);
            nanos = Arrays.copyOf(nanos, length);
            weight = Arrays.copyOf(weight, length);
            mustHold = Arrays.copyOf(mustHold, length);
            trail = Arrays.copyOf(trail, length);
            hasLongest = Arrays.copyOf(hasLongest, length);
            dropped = Arrays.copyOf(dropped, length);
            after = Arrays.copyOf(after, length);
        }
        dropped[size] = false;
        return size++;
    }
}
