/**
 * BERT as a DL4J graph: configuration, layers with hand-written forward and backward, graph builder.
 */
@NullMarked
package io.github.skydl4j.bert;

import org.jspecify.annotations.NullMarked;
