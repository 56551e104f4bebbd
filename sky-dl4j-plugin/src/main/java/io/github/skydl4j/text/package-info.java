/**
 * Labelled sentences: TSV reader, vocabulary, tokenized batches, the shipped sentiment set.
 */
@NullMarked
package io.github.skydl4j.text;

import org.jspecify.annotations.NullMarked;
