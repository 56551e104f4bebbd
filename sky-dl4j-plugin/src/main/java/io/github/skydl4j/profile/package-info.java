/** Measures what the units of a graph cost on this JVM. */
@NullMarked
package io.github.skydl4j.profile;

import org.jspecify.annotations.NullMarked;
