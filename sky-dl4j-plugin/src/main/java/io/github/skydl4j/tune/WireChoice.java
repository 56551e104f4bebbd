package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.WireType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** How numbers travel over the links of a candidate. */
public enum WireChoice {
    /** As the workers that the search was given have it. */
    AS_GIVEN,
    /** As they are, on all links. */
    EXACT,
    /** In bfloat16 on all links. */
    BFLOAT16,
    /** In float16 on all links. */
    FLOAT16;

    /** The choice of a type for all links. */
    public static WireChoice of(WireType type) {
        return valueOf(type.name());
    }

    /** The type of all links; empty for those that the workers have. */
    public Optional<WireType> type() {
        return this == AS_GIVEN ? Optional.empty() : Optional.of(WireType.valueOf(name()));
    }

    /** The name used in journals. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static WireChoice parse(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** The cluster with its links so. */
    Cluster on(Cluster cluster) {
        return type().map(cluster::withWire).orElse(cluster);
    }

    /** One choice of those that are the same for these stages: where no link of theirs changes, as given. */
    WireChoice plainest(Cluster given, List<StagePlan> stages) {
        boolean changes = type().stream()
                .anyMatch(type ->
                        IntStream.range(0, stages.size() - 1).anyMatch(stage -> given.wire(stages, stage) != type));
        return changes ? this : AS_GIVEN;
    }
}
