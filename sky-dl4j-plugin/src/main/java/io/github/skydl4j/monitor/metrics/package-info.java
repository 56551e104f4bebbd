/**
 * A run's figures as Micrometer meters, and a Prometheus end point. Needs micrometer-registry-prometheus on the class path;
 * nothing else in Sky-DL4J does. Names and units are listed in {@code docs/monitoring.md}.
 */
@NullMarked
package io.github.skydl4j.monitor.metrics;

import org.jspecify.annotations.NullMarked;
