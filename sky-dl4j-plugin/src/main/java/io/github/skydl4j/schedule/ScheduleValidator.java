package io.github.skydl4j.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules that every schedule keeps: a stage takes each micro-batch forward once and backward once, forward first,
 * both in the order of the micro-batches, with no more in flight than its limit; and the stages never wait for each
 * other for ever, which a replay shows.
 */
public final class ScheduleValidator {

    private ScheduleValidator() {}

    /** What is wrong with the schedule, a sentence each; empty if it is valid. */
    public static List<String> validate(Schedule schedule) {
        return validate(schedule, List.of());
    }

    /** As {@link #validate(Schedule)}, with a limit of micro-batches in flight for each stage. */
    public static List<String> validate(Schedule schedule, List<Integer> inFlightLimits) {
        List<String> violations = new ArrayList<>();
        for (int stage = 0; stage < schedule.stageCount(); stage++) {
            checkOrder(schedule, stage, violations);
        }
        checkLimits(schedule, inFlightLimits, violations);
        if (violations.isEmpty()) {
            checkReplay(schedule, violations);
        }
        return List.copyOf(violations);
    }

    /** Throws an {@link IllegalArgumentException} with the first violation, if there is one. */
    public static void requireValid(Schedule schedule, List<Integer> inFlightLimits) {
        List<String> violations = validate(schedule, inFlightLimits);
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException("schedule " + schedule.name() + ": " + violations.get(0));
        }
    }

    private static void checkOrder(Schedule schedule, int stage, List<String> violations) {
        int forwards = 0;
        int backwards = 0;
        for (Action action : schedule.stage(stage)) {
            int expected = action.isForward() ? forwards++ : backwards++;
            if (action.microBatch() != expected) {
                violations.add("stage " + stage + " does " + action + " where micro-batch " + expected + " is next");
                return;
            }
            if (backwards > forwards) {
                violations.add("stage " + stage + " does " + action + " before its forward");
                return;
            }
        }
        checkCount(schedule, stage, "forward", forwards, violations);
        checkCount(schedule, stage, "backward", backwards, violations);
    }

    private static void checkCount(Schedule schedule, int stage, String what, int found, List<String> violations) {
        if (found != schedule.microBatches()) {
            violations.add("stage " + stage + " takes " + found + " micro-batches " + what + ", the step has "
                    + schedule.microBatches());
        }
    }

    private static void checkLimits(Schedule schedule, List<Integer> limits, List<String> violations) {
        if (limits.isEmpty()) {
            return;
        }
        if (limits.size() != schedule.stageCount()) {
            violations.add(limits.size() + " in-flight limits for " + schedule.stageCount() + " stages");
            return;
        }
        for (int stage = 0; stage < limits.size(); stage++) {
            int found = schedule.maxInFlight(stage);
            if (found > limits.get(stage)) {
                violations.add("stage " + stage + " keeps " + found + " micro-batches in flight, its limit is "
                        + limits.get(stage));
            }
        }
    }

    private static void checkReplay(Schedule schedule, List<String> violations) {
        try {
            Timeline.of(schedule, StageTimes.uniform(schedule.stageCount(), 1, 1, 0));
        } catch (IllegalArgumentException deadlock) {
            violations.add(String.valueOf(deadlock.getMessage()));
        }
    }
}
