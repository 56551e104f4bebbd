/**
 * The order of forwards and backwards on every stage, as data: builders, validator, text grid. JDK only.
 */
@NullMarked
package io.github.skydl4j.schedule;

import org.jspecify.annotations.NullMarked;
