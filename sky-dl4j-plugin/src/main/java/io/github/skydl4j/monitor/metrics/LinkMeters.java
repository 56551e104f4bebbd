package io.github.skydl4j.monitor.metrics;

import io.github.skydl4j.monitor.StageEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** The meters of the link between two stages, each direction by itself. */
final class LinkMeters {
    private final MeterRegistry registry;
    private final Direction activations;
    private final Direction gradients;

    LinkMeters(MeterRegistry registry, int link) {
        this.registry = registry;
        Tags tags = Tags.of("link", link + "-" + (link + 1));
        this.activations = direction(tags.and("carries", "activations"));
        this.gradients = direction(tags.and("carries", "gradients"));
    }

    /** What went one way and how long it took. */
    private record Direction(Counter bytes, Counter seconds) {}

    void add(StageEvent transfer) {
        Direction direction = transfer.isForward() ? activations : gradients;
        direction.bytes().increment((double) transfer.bytes());
        direction.seconds().increment(transfer.nanos() / 1e9);
    }

    /** Takes the meters out of the registry: the link is no more. */
    void remove() {
        registry.remove(activations.bytes());
        registry.remove(activations.seconds());
        registry.remove(gradients.bytes());
        registry.remove(gradients.seconds());
    }

    private Direction direction(Tags tags) {
        return new Direction(
                Counter.builder("sky.link.sent")
                        .description("What the link has carried")
                        .baseUnit("bytes")
                        .tags(tags)
                        .register(registry),
                Counter.builder("sky.link.time")
                        .description("Time that the link was occupied")
                        .baseUnit("seconds")
                        .tags(tags)
                        .register(registry));
    }
}
