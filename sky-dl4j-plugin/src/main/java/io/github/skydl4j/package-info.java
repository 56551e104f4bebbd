/** The face of Sky-DL4J: {@code SkyTrainer}, its options and its report. */
@NullMarked
package io.github.skydl4j;

import org.jspecify.annotations.NullMarked;
