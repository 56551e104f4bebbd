package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.plan.Link;

/**
 * A stage and the worker that plays it.
 *
 * @param worker name, for messages
 * @param link to the next stage's worker; {@link Link#INSTANT} for none
 */
public record StageHost(StageGraph stage, String worker, Emulation emulation, Link link) {}
