package io.github.skydl4j.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The fastest order of work that is known for the round-trip schedule, within limits of micro-batches in flight. Several
 * {@link DispatchRule}s are tried, some of them also as if the limits were tighter, since a stage with much in flight may
 * do what is not urgent; and k_i forwards with backward and forward in turn after them. The shortest step of all is then
 * shortened by {@link Justification} for as long as that helps, and on many stages by {@link CriticalPathAnnealing}. Where
 * several take equally long, the first of them is kept; a step that is all but the {@link OrderBound} ends the search.
 */
final class RoundTripOrder {

    private static final String NAME = ScheduleKind.ROUND_TRIP.label();
    /** All plans of so few stages can be tried, each with its draft: what is best must not depend on more. */
    static final int FEW_STAGES = 12;

    private static final int MOST_JUSTIFICATIONS = 4;
    private static final double CLOSE = 1.001;
    private static final double[] DEPTHS = {0, 1.5, 2};

    private final StageTimes times;
    private final int microBatches;
    private final List<Integer> limits;
    private final double enough;
    private Timeline fastest;

    private RoundTripOrder(StageTimes times, int microBatches, List<Integer> limits) {
        this.times = times;
        this.microBatches = microBatches;
        this.limits = limits;
        this.enough = CLOSE * OrderBound.nanos(times, microBatches) + times.longestUpdate();
        this.fastest = replayed(ListScheduling.order(times, microBatches, limits, DispatchRule.BACKWARD_FIRST));
    }

    static Schedule of(StageTimes times, int microBatches, List<Integer> limits) {
        RoundTripOrder order = drafted(times, microBatches, limits);
        if (times.stageCount() > FEW_STAGES) {
            order.offer(() -> CriticalPathAnnealing.of(order.fastest, limits));
        }
        return order.fastest.schedule();
    }

    /** The order without annealing, which takes as long as all else: for plans that are looked at in passing. */
    static Schedule draft(StageTimes times, int microBatches, List<Integer> limits) {
        return drafted(times, microBatches, limits).fastest.schedule();
    }

    private static RoundTripOrder drafted(StageTimes times, int microBatches, List<Integer> limits) {
        RoundTripOrder order = new RoundTripOrder(times, microBatches, limits);
        order.offer(() -> ScheduleKind.warmUpThenAlternate(microBatches, limits));
        for (DispatchRule rule : rules(microBatches)) {
            order.offer(() -> ListScheduling.order(times, microBatches, limits, rule));
        }
        order.tryTighterLimits();
        boolean improved = !times.endsShared();
        for (int i = 0; i < MOST_JUSTIFICATIONS && improved; i++) {
            improved = order.offer(() -> Justification.of(order.fastest, limits));
        }
        return order;
    }

    /** The step of one of the orders, or of the best of a few: as long as that of {@link #draft} or longer. */
    static long quickNanos(StageTimes times, int microBatches, List<Integer> limits) {
        long least = ListScheduling.nanos(times, microBatches, limits, DispatchRule.BACKWARD_FIRST);
        for (DispatchRule rule : rules(microBatches)) {
            least = Math.min(least, ListScheduling.nanos(times, microBatches, limits, rule));
        }
        return least;
    }

    private static List<DispatchRule> rules(int microBatches) {
        return List.of(
                patient(microBatches),
                DispatchRule.leading(0, 0.5, share(microBatches, 1, 2)),
                DispatchRule.leading((int) Math.round(0.1 * microBatches), 0, 0),
                DispatchRule.leading(share(microBatches, 1, 3), 0.2, share(microBatches, 1, 2)),
                DispatchRule.forwardsUntil(share(microBatches, 2, 3)));
    }

    private static DispatchRule patient(int microBatches) {
        return DispatchRule.leading((int) Math.round(0.15 * microBatches), 0.3, share(microBatches, 3, 4));
    }

    private static int share(int microBatches, int part, int of) {
        return (part * microBatches + of - 1) / of;
    }

    private void tryTighterLimits() {
        List<Integer> before = limits;
        for (double depth : DEPTHS) {
            List<Integer> tighter = tighter(depth);
            if (!tighter.equals(limits) && !tighter.equals(before)) {
                offer(() -> ListScheduling.order(times, microBatches, tighter, DispatchRule.BACKWARD_FIRST));
                offer(() -> ListScheduling.order(times, microBatches, tighter, patient(microBatches)));
            }
            before = tighter;
        }
    }

    /** The depth of the schedule itself, so many times over, and never fewer than plain 1F1B has in flight. */
    private List<Integer> tighter(double depth) {
        List<Integer> own = ScheduleKind.ROUND_TRIP.inFlightLimits(times, microBatches);
        List<Integer> tighter = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            int wanted = Math.max(own.size() - i, (int) Math.ceil(depth * own.get(i)));
            tighter.add(Math.min(limits.get(i), wanted));
        }
        return tighter;
    }

    /** Takes an order if it is faster; none is made once the step is short enough. */
    private boolean offer(Supplier<List<List<Action>>> order) {
        if (fastest.stepNanos() <= enough) {
            return false;
        }
        Timeline timeline = replayed(order.get());
        if (timeline.stepNanos() < fastest.stepNanos()) {
            fastest = timeline;
            return true;
        }
        return false;
    }

    private Timeline replayed(List<List<Action>> order) {
        return Timeline.of(new Schedule(NAME, microBatches, order), times);
    }
}
