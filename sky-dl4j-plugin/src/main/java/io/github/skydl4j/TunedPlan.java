package io.github.skydl4j;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Optional;

/**
 * What a search has found to be fast, for a trainer to do so: {@link SkyTrainer.Builder#tuned}. Immutable.
 *
 * @param planner gives the stages to the workers of their names; plans anew where one of these is missing
 * @param schedule the order of work within a step
 * @param microBatches into how many a batch is cut
 * @param recompute whether stages compute activations again
 * @param wire how numbers travel over all links; empty for what the trainer's workers say
 * @param cluster speeds and links as measured, from which the order of work is made; its workers are those that the search
 *     had, in its order
 */
public record TunedPlan(
        Planner planner,
        ScheduleKind schedule,
        int microBatches,
        boolean recompute,
        Optional<WireType> wire,
        Cluster cluster) {}
