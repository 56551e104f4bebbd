/**
 * BERT as a DL4J graph: configuration, layers with hand-written forward and backward, checkpoints.
 *
 * <ul>
 *   <li>{@link io.github.skydl4j.bert.BertConfig}, {@link io.github.skydl4j.bert.BertGraph}, {@link
 *       io.github.skydl4j.bert.BertHead}: from a shape to a graph configuration
 *   <li>{@code Bert...} units: vertex configurations; {@code ...Vertex}: what runs them
 *   <li>{@code Kernels}: the arithmetic, by ND4J operations or ({@code Vector...}) by cblas and the Vector API
 *   <li>{@link io.github.skydl4j.bert.DropoutScope}, {@link io.github.skydl4j.bert.BertArrays}: what a pipeline tells the
 *       vertices
 *   <li>{@link io.github.skydl4j.bert.BertCheckpoint}, {@link io.github.skydl4j.bert.HuggingFaceNames}: HuggingFace's
 *       files and names
 * </ul>
 */
@NullMarked
package io.github.skydl4j.bert;

import org.jspecify.annotations.NullMarked;
