/**
 * Measures what units cost on this JVM.
 */
@NullMarked
package io.github.skydl4j.profile;

import org.jspecify.annotations.NullMarked;
