package io.github.skydl4j.plan;

import java.util.Arrays;

/**
 * What subsets of the workers have reached, in {@link FrontSubsets}: of each label the subset, the unit where its stages end,
 * the head of the next stage, and how many micro-batches can be in flight on all of its stages. Of two labels of a subset the
 * one is dropped that is worse in every respect. A table of numbers, as there are millions; labels of a subset are chained.
 * Confined to one thread.
 */
final class FrontLabels {

    private static final int FIRST_SIZE = 1024;

    private final int[] firstOf;
    private int[] subset = new int[FIRST_SIZE];
    private int[] end = new int[FIRST_SIZE];
    private double[] head = new double[FIRST_SIZE];
    private int[] inFlight = new int[FIRST_SIZE];
    private boolean[] dropped = new boolean[FIRST_SIZE];
    private int[] after = new int[FIRST_SIZE];
    private int size;

    /** No labels; the table has -1 for each subset and can be shared by tables of which one at a time is added to. */
    FrontLabels(int[] firstOf) {
        this.firstOf = firstOf;
    }

    int size() {
        return size;
    }

    int subset(int label) {
        return subset[label];
    }

    int end(int label) {
        return end[label];
    }

    double head(int label) {
        return head[label];
    }

    int inFlight(int label) {
        return inFlight[label];
    }

    boolean isDropped(int label) {
        return dropped[label];
    }

    /** Forgets all labels. */
    void clear() {
        size = 0;
    }

    /** Ends adding: another table may be added to. */
    void done() {
        for (int label = 0; label < size; label++) {
            firstOf[subset[label]] = -1;
        }
    }

    /** Adds a label unless one of its subset is as good, and drops those that are no better. */
    void add(int ofSubset, int reached, double nextHead, int mostInFlight) {
        for (int label = firstOf[ofSubset]; label >= 0; label = after[label]) {
            if (end[label] >= reached && head[label] <= nextHead && inFlight[label] >= mostInFlight) {
                return;
            }
        }
        int before = -1;
        for (int label = firstOf[ofSubset]; label >= 0; label = after[label]) {
            if (end[label] <= reached && head[label] >= nextHead && inFlight[label] <= mostInFlight) {
                drop(label, before);
            } else {
                before = label;
            }
        }
        int added = next();
        subset[added] = ofSubset;
        end[added] = reached;
        head[added] = nextHead;
        inFlight[added] = mostInFlight;
        after[added] = firstOf[ofSubset];
        firstOf[ofSubset] = added;
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
        if (size == end.length) {
            int length = 2 * size;
            subset = Arrays.copyOf(subset, length);
            end = Arrays.copyOf(end, length);
            head = Arrays.copyOf(head, length);
            inFlight = Arrays.copyOf(inFlight, length);
            dropped = Arrays.copyOf(dropped, length);
            after = Arrays.copyOf(after, length);
        }
        dropped[size] = false;
        return size++;
    }
}
