/**
 * Watches a pipeline: events of the stages, merged over machines, a summary each step in bounded memory, traces in Chrome's
 * format. {@code monitor.ui} shows it in DL4J's training UI, {@code monitor.metrics} to Prometheus; both are optional.
 */
@NullMarked
package io.github.skydl4j.monitor;

import org.jspecify.annotations.NullMarked;
