package io.github.skydl4j.plan;

import java.util.List;
import java.util.Optional;

/** A search for stages that cover all units under a given bottleneck. */
interface Covering {

    /** Stages none of which, nor any link between them, takes longer; empty if this search finds none. */
    Optional<List<StagePlan>> within(long bottleneckNanos);
}
