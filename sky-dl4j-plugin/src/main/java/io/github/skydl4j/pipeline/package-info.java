/**
 * Runs stages over micro-batches, one thread a stage, joined by channels.
 */
@NullMarked
package io.github.skydl4j.pipeline;

import org.jspecify.annotations.NullMarked;
