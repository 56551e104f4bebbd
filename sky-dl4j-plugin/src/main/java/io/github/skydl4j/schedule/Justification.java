package io.github.skydl4j.schedule;

import java.util.List;

/**
 * Shortens a schedule by double justification (Valls, Ballestín and Quintanilla, European Journal of Operational Research 165,
 * 2005): all work is done again as late as the end of the step allows, what ended last first; and then again as early as
 * possible, what began first first. What comes out may be shorter, the same, or longer.
 *
 * <p>A step seen in a mirror is a step: the backwards of the last micro-batch, reversed, go through the stages first to last as
 * forwards do, and the forwards come back. So "as late as possible" is {@link ListScheduling} in the mirror.
 */
final class Justification {

    private Justification() {}

    /** The order of work after all of it was moved to the end and back; within the limits if the given one is. */
    static List<List<Action>> of(Timeline timeline, List<Integer> limits) {
        Timeline late = replayed(timeline, limits, mirrored(timeline.times()));
        return mirroredOrder(late, limits, timeline.times());
    }

    private static Timeline replayed(Timeline timeline, List<Integer> limits, StageTimes times) {
        Schedule schedule = timeline.schedule();
        return Timeline.of(
                new Schedule(schedule.name(), schedule.microBatches(), mirroredOrder(timeline, limits, times)), times);
    }

    /** The order in the mirror of a timeline: what ends last there goes first. */
    private static List<List<Action>> mirroredOrder(Timeline timeline, List<Integer> limits, StageTimes times) {
        int last = timeline.schedule().microBatches() - 1;
        DispatchRule latestFirst =
                (stage, forward, backward) -> timeline.endNanos(stage, Action.backward(last - forward))
                        > timeline.endNanos(stage, Action.forward(last - backward));
        return ListScheduling.order(times, last + 1, limits, latestFirst);
    }

    private static StageTimes mirrored(StageTimes times) {
        return new StageTimes(
                times.backwardNanos(), times.forwardNanos(), times.linkNanos(), times.updateNanos(), false);
    }
}
