/**
 * Runs stages over micro-batches: one thread a stage, joined by channels. The order of work comes from a schedule; the
 * sums of gradients do not depend on it.
 */
@NullMarked
package io.github.skydl4j.pipeline;

import org.jspecify.annotations.NullMarked;
