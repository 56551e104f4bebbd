/**
 * Coordinator and workers of a run: workers join, are measured, host a stage each, are snapshotted, and may be lost at any
 * moment. A role is the same whether a process, a thread or a task of something else plays it.
 */
@NullMarked
package io.github.skydl4j.cluster;

import org.jspecify.annotations.NullMarked;
