/** Measures what planning needs to know: units, workers, links, and the machine that plays them; keeps the results. */
@NullMarked
package io.github.skydl4j.profile;

import org.jspecify.annotations.NullMarked;
