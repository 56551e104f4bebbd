/**
 * Benchmarks: named experiments behind {@code ./sky bench}, and JMH benchmarks of kernels. {@code docs/benchmarks.md} has
 * their results.
 */
@NullMarked
package io.github.skydl4j.bench;

import org.jspecify.annotations.NullMarked;
