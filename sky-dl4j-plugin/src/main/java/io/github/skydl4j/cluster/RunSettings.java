package io.github.skydl4j.cluster;

import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.WireTypes;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;

/**
 * How a network is trained on the workers of a cluster. Immutable.
 *
 * @param microBatches into how many a batch is cut at most
 * @param recompute whether stages compute activations again instead of keeping them
 * @param observed whether stages tell what they did when
 * @param dilation stretches the time of all workers alike; see {@link io.github.skydl4j.pipeline.Emulation}
 * @param wires how numbers travel between the workers
 * @param profiling how long each JVM warms up, and again measures
 * @param stallLimit longest wait without progress
 * @param known what need not be measured
 */
public record RunSettings(
        Planner planner,
        ScheduleKind schedule,
        int microBatches,
        boolean recompute,
        boolean observed,
        double dilation,
        WireTypes wires,
        Duration profiling,
        Duration stallLimit,
        KnownCosts known) {}
