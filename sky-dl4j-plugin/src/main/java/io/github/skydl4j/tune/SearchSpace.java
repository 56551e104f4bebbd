package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.List;

/**
 * What a search may change, besides workers and cuts. Immutable; one choice keeps a value as it is.
 *
 * @param planners whose plans candidates start from
 * @param microBatches into how many a batch may be cut
 * @param schedules orders of work
 * @param depths micro-batches in flight, as factors of the schedule's own
 * @param recompute whether stages may compute activations again
 * @param wires how numbers may travel between stages
 */
public record SearchSpace(
        List<Planner> planners,
        List<Integer> microBatches,
        List<ScheduleKind> schedules,
        List<Double> depths,
        List<Boolean> recompute,
        List<WireChoice> wires) {
    private static final List<Double> DEPTHS = List.of(0.5, 0.75, 1.0, 1.5, 2.0, 3.0);

    /** Checks that there is a choice of everything. */
    public SearchSpace {
        planners = List.copyOf(planners);
        microBatches = List.copyOf(microBatches);
        schedules = List.copyOf(schedules);
        depths = List.copyOf(depths);
        recompute = List.copyOf(recompute);
        wires = List.copyOf(wires);
        if (planners.isEmpty()
                || microBatches.isEmpty()
                || schedules.isEmpty()
                || depths.isEmpty()
                || recompute.isEmpty()
                || wires.isEmpty()) {
            throw new IllegalArgumentException("a search needs at least one choice of everything, found " + planners
                    + ", " + microBatches + ", " + schedules + ", " + depths + ", " + recompute + ", " + wires);
        }
    }

    /**
     * All planners, schedules and depths, with the given numbers of micro-batches; activations are kept, and numbers
     * travel as the workers have it.
     */
    public static SearchSpace of(List<Integer> microBatches) {
        return new SearchSpace(
                Planners.all(),
                microBatches,
                List.of(ScheduleKind.values()),
                DEPTHS,
                List.of(Boolean.FALSE),
                List.of(WireChoice.AS_GIVEN));
    }

    /** The same where stages may also compute activations again. */
    public SearchSpace withRecompute() {
        return new SearchSpace(planners, microBatches, schedules, depths, List.of(false, true), wires);
    }

    /** The same where numbers may travel in these types, which changes what is learned; in none but these. */
    public SearchSpace withWires(List<WireType> types) {
        List<WireChoice> choices = types.stream().map(WireChoice::of).toList();
        return new SearchSpace(planners, microBatches, schedules, depths, recompute, choices);
    }
}
