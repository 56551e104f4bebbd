package io.github.skydl4j.monitor;

import java.util.ArrayList;
import java.util.List;

/**
 * The course of a run in bounded memory: at first a point a step; whenever the points are full, neighbours are averaged and
 * each point stands for twice as many steps from then on. So a run of any length has between half the capacity and all of
 * it. Thread-safe.
 */
public final class History {
    private static final int VALUES = 3;
    private static final int VALUES_OF_A_STAGE = 3;

    private final int capacity;
    private final List<Point> points = new ArrayList<>();
    private long stepsOfAPoint = 1;

    /** Sums over steps; {@code sums} holds loss, nanoseconds, rows, then three shares for each stage. */
    private static final class Point {
        private final long firstStep;
        private long steps;
        private double[] sums;

        private Point(long firstStep, int values) {
            this.firstStep = firstStep;
            this.sums = new double[values];
        }

        private void add(long moreSteps, double[] values) {
            if (values.length != sums.length) {
                // Planned anew with another number of stages: shares of the old ones mean nothing any more.
                sums = new double[values.length];
                steps = 0;
            }
            steps += moreSteps;
            for (int i = 0; i < values.length; i++) {
                sums[i] += values[i];
            }
        }
    }

    /** Creates a history of at most so many points; at least 2, and even. */
    public History(int capacity) {
        if (capacity < 2 || capacity % 2 != 0) {
            throw new IllegalArgumentException("capacity is " + capacity + ": it must be even and at least 2");
        }
        this.capacity = capacity;
    }

    /** Adds a step. */
    public synchronized void add(StepSummary step) {
        double[] values = values(step);
        if (points.isEmpty() || points.get(points.size() - 1).steps >= stepsOfAPoint) {
            if (points.size() == capacity) {
                halve();
            }
            points.add(new Point(step.facts().step(), values.length));
        }
        points.get(points.size() - 1).add(1, values);
    }

    /** The points so far, first to last. */
    public synchronized List<HistoryPoint> points() {
        return points.stream().map(History::average).toList();
    }

    private void halve() {
        for (int i = 0; i < capacity / 2; i++) {
            Point merged = points.get(2 * i);
            Point second = points.get(2 * i + 1);
            merged.add(second.steps, second.sums);
            points.set(i, merged);
        }
        points.subList(capacity / 2, capacity).clear();
        stepsOfAPoint *= 2;
    }

    private static double[] values(StepSummary step) {
        int stages = step.stages().size();
        double[] values = new double[VALUES + VALUES_OF_A_STAGE * stages];
        values[0] = step.facts().loss();
        values[1] = step.facts().nanos();
        values[2] = step.facts().rows();
        for (int s = 0; s < stages; s++) {
            StageShare stage = step.stages().get(s);
            values[VALUES + s] = step.share(stage.busyNanos());
            values[VALUES + stages + s] = step.share(stage.inputWaitNanos());
            values[VALUES + 2 * stages + s] = step.share(stage.linkWaitNanos());
        }
        return values;
    }

    private static HistoryPoint average(Point point) {
        int stages = (point.sums.length - VALUES) / VALUES_OF_A_STAGE;
        double nanos = point.sums[1];
        return new HistoryPoint(
                point.firstStep,
                point.steps,
                point.sums[0] / point.steps,
                nanos / point.steps / 1e6,
                nanos == 0 ? 0 : point.sums[2] / (nanos / 1e9),
                shares(point, 0, stages),
                shares(point, 1, stages),
                shares(point, 2, stages));
    }

    private static List<Double> shares(Point point, int kind, int stages) {
        List<Double> shares = new ArrayList<>();
        for (int s = 0; s < stages; s++) {
            shares.add(point.sums[VALUES + kind * stages + s] / point.steps);
        }
        return shares;
    }
}
