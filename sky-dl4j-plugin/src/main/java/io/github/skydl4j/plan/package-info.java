/**
 * Who hosts which units: profiles in, allocation out, with the bound that no plan can beat. JDK only.
 */
@NullMarked
package io.github.skydl4j.plan;

import org.jspecify.annotations.NullMarked;
