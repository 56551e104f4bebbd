package io.github.skydl4j.cli;

import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code sky plan} is to do beside what the configuration file says. */
final class PlanOrder {
    @Option(
            names = "--cluster",
            paramLabel = "CLUSTER.yaml",
            description = "Plan for the workers of this file; emulation.dilation does not count then.")
    private @Nullable Path cluster;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE.json",
            description = "Take the units measured by \"sky profile\" in place of measuring.")
    private @Nullable Path profile;

    @Option(
            names = "--planner",
            paramLabel = "NAME",
            description = "Use this planner: even, proportional, paper, exact, quick.")
    private @Nullable String planner;

    @Option(
            names = "--owner",
            paramLabel = "WORKER",
            description = "Give the first and the last stage to this worker, who keeps inputs and labels.")
    private @Nullable String owner;

    @Option(names = "--simulate", description = "Draw the simulated step in time, for up to 16 stages.")
    private boolean simulate;

    @Option(names = "--report", paramLabel = "FILE.json", description = "Write the plan as JSON.")
    private @Nullable Path report;

    Optional<Path> cluster() {
        return Optional.ofNullable(cluster);
    }

    Optional<Path> profile() {
        return Optional.ofNullable(profile);
    }

    /** The owner by its name, or the one of the configuration. */
    Optional<String> ownerOr(Optional<String> configured) {
        return owner == null ? configured : Optional.of(owner);
    }

    boolean simulate() {
        return simulate;
    }

    Optional<Path> report() {
        return Optional.ofNullable(report);
    }

    /** The planner by its name, or the one of the configuration. */
    Planner plannerOr(Planner configured) {
        if (planner == null) {
            return configured;
        }
        try {
            return Planners.byName(planner);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--" + e.getMessage(), e);
        }
    }
}
