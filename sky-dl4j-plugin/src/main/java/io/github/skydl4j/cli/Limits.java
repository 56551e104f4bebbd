package io.github.skydl4j.cli;

import java.util.function.DoublePredicate;

/** Which numbers are allowed, and how to say so. */
record Limits(DoublePredicate allowed, String text) {
    static Limits atLeast(long least) {
        return new Limits(value -> value >= least, "at least " + least);
    }

    static Limits above(long bound) {
        return new Limits(value -> value > bound, "above " + bound);
    }

    static Limits aboveZero() {
        return above(0);
    }

    /** From 0 to below 1. */
    static Limits share() {
        return new Limits(value -> value >= 0 && value < 1, "at least 0 and below 1");
    }

    static Limits any() {
        return new Limits(value -> true, "any");
    }

    boolean allow(double value) {
        return Double.isFinite(value) && allowed.test(value);
    }
}
