/**
 * Labelled sentences: TSV reader, vocabulary, tokenized and masked batches, the shipped sentiment set.
 */
@NullMarked
package io.github.skydl4j.text;

import org.jspecify.annotations.NullMarked;
