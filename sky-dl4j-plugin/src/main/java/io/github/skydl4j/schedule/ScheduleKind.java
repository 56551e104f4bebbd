package io.github.skydl4j.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The schedules on offer. In all of them a stage does its forwards, and its backwards, in the order of the
 * micro-batches: that fixes the order in which gradients are summed, so the kinds differ in time and memory only.
 */
public enum ScheduleKind {
    /** All forwards, then all backwards. Every micro-batch is in flight. */
    GPIPE {
        @Override
        public List<Integer> inFlightLimits(StageTimes times, int microBatches) {
            return depths(times, microBatches, stage -> microBatches);
        }

        @Override
        public Schedule build(StageTimes times, int microBatches, List<Integer> limits) {
            return new Schedule(
                    label(), microBatches, warmUpThenAlternate(microBatches, neverRising(limits, microBatches)));
        }
    },

    /**
     * One forward, one backward. Stage i of n keeps n - i micro-batches in flight, just enough to be busy all the
     * time where links cost nothing.
     */
    ONE_F_ONE_B {
        @Override
        public List<Integer> inFlightLimits(StageTimes times, int microBatches) {
            return depths(times, microBatches, stage -> times.stageCount() - stage);
        }

        @Override
        public Schedule build(StageTimes times, int microBatches, List<Integer> limits) {
            return new Schedule(
                    label(), microBatches, warmUpThenAlternate(microBatches, neverRising(limits, microBatches)));
        }
    },

    /**
     * One forward, one backward, with a warm-up as deep as the round trip from the stage to the end and back is long.
     *
     * <p>Stage i keeps k_i = ceil((sum_{j>=i}(f_j + b_j) + 2 sum_{j>=i} c_j) / bottleneck) + 1 micro-batches in
     * flight, and never fewer than 1F1B: the first gradient comes back after the round trip, and until then one
     * micro-batch a bottleneck must be fed. {@link RoundTripOrder} has the orders that keep within these limits.
     */
    ROUND_TRIP {
        @Override
        public List<Integer> inFlightLimits(StageTimes times, int microBatches) {
            double[] roundTrip = roundTrips(times);
            double bottleneck = Math.max(1, times.bottleneck());
            return depths(
                    times,
                    microBatches,
                    stage -> Math.max(times.stageCount() - stage, (int)
                            Math.min(microBatches, Math.ceil(roundTrip[stage] / bottleneck) + 1)));
        }

        @Override
        public Schedule build(StageTimes times, int microBatches, List<Integer> limits) {
            return RoundTripOrder.of(times, microBatches, neverRising(limits, microBatches));
        }

        @Override
        public Schedule draft(StageTimes times, int microBatches, List<Integer> limits) {
            return RoundTripOrder.draft(times, microBatches, neverRising(limits, microBatches));
        }

        @Override
        public boolean refines(int stages) {
            return stages > RoundTripOrder.FEW_STAGES;
        }

        @Override
        public long quickNanos(StageTimes times, int microBatches, List<Integer> limits) {
            return RoundTripOrder.quickNanos(times, microBatches, neverRising(limits, microBatches));
        }
    };

    private interface Depth {
        int of(int stage);
    }

    /** The order of one step of {@code microBatches} on stages with these times. */
    public Schedule build(StageTimes times, int microBatches) {
        return build(times, microBatches, inFlightLimits(times, microBatches));
    }

    /**
     * The order of one step within given limits, one a stage, of micro-batches in flight (where memory allows fewer
     * than {@link #inFlightLimits}). A limit above that of an earlier stage counts as that one: nothing more can arrive.
     */
    public abstract Schedule build(StageTimes times, int microBatches, List<Integer> limits);

    /** The order of {@link #build}, or one that is sooner known: its step is as long or a little longer. */
    public Schedule draft(StageTimes times, int microBatches, List<Integer> limits) {
        return build(times, microBatches, limits);
    }

    /** Whether {@link #build} knows shorter orders than {@link #draft} for so many stages. */
    public boolean refines(int stages) {
        return false;
    }

    /**
     * The step of {@link #draft}, or where several orders would be tried, that of one of them: as long or longer, and
     * sooner known.
     */
    public long quickNanos(StageTimes times, int microBatches, List<Integer> limits) {
        return Timeline.of(draft(times, microBatches, limits), times).stepNanos();
    }

    /** How many micro-batches each stage keeps in flight if memory allows it; never rising, at least 1. */
    public abstract List<Integer> inFlightLimits(StageTimes times, int microBatches);

    /** The name used in configurations and reports: {@code gpipe}, {@code 1f1b}, {@code round-trip}. */
    public String label() {
        return switch (this) {
            case GPIPE -> "gpipe";
            case ONE_F_ONE_B -> "1f1b";
            case ROUND_TRIP -> "round-trip";
        };
    }

    /**
     * The kind with this label, whatever the case of its letters.
     *
     * @throws IllegalArgumentException with one line that names the labels allowed
     */
    public static ScheduleKind parse(String label) {
        for (ScheduleKind kind : values()) {
            if (kind.label().equals(label.trim().toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        String allowed = Arrays.stream(values()).map(ScheduleKind::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("schedule: found \"" + label + "\", allowed are " + allowed);
    }

    private static List<Integer> depths(StageTimes times, int microBatches, Depth depth) {
        List<Integer> limits = new ArrayList<>();
        for (int stage = 0; stage < times.stageCount(); stage++) {
            limits.add(Math.min(microBatches, depth.of(stage)));
        }
        return List.copyOf(limits);
    }

    private static double[] roundTrips(StageTimes times) {
        double[] nanos = new double[times.stageCount()];
        double sum = 0;
        for (int stage = nanos.length - 1; stage >= 0; stage--) {
            sum += times.compute(stage) + (stage < nanos.length - 1 ? 2.0 * times.link(stage) : 0);
            nanos[stage] = sum;
        }
        return nanos;
    }

    private static List<Integer> neverRising(List<Integer> limits, int microBatches) {
        List<Integer> useful = new ArrayList<>();
        int limit = microBatches;
        for (int given : limits) {
            if (given < 1) {
                throw new IllegalArgumentException("an in-flight limit of " + given + ": a stage needs at least 1");
            }
            limit = Math.min(limit, given);
            useful.add(limit);
        }
        return useful;
    }

    static List<List<Action>> warmUpThenAlternate(int microBatches, List<Integer> limits) {
        List<List<Action>> stages = new ArrayList<>();
        for (int warmUp : limits) {
            stages.add(warmUpThenAlternate(microBatches, warmUp));
        }
        return stages;
    }

    private static List<Action> warmUpThenAlternate(int microBatches, int warmUp) {
        List<Action> actions = new ArrayList<>(2 * microBatches);
        for (int forward = 0; forward < warmUp; forward++) {
            actions.add(Action.forward(forward));
        }
        for (int backward = 0; backward < microBatches; backward++) {
            actions.add(Action.backward(backward));
            if (backward + warmUp < microBatches) {
                actions.add(Action.forward(backward + warmUp));
            }
        }
        return actions;
    }
}
