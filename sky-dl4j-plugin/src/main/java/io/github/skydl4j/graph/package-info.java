/**
 * Cuts a ComputationGraph into stage graphs and merges trained stages back.
 */
@NullMarked
package io.github.skydl4j.graph;

import org.jspecify.annotations.NullMarked;
