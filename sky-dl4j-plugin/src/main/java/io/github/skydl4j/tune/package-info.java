/**
 * Searches, with DL4J's own tuner Arbiter, for what profiles cannot tell a planner: which allocation, micro-batches and
 * schedule make the shortest step on the workers as they are. {@link io.github.skydl4j.tune.SkyTuner} is the face. The only
 * package that knows Arbiter, which is an optional dependency.
 */
@NullMarked
package io.github.skydl4j.tune;

import org.jspecify.annotations.NullMarked;
