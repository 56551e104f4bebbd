/**
 * The command line and its configuration files.
 */
@NullMarked
package io.github.skydl4j.cli;

import org.jspecify.annotations.NullMarked;
