/**
 * The page at {@code /sky} in DL4J's training UI. Needs deeplearning4j-ui on the class path; nothing else in Sky-DL4J does.
 */
@NullMarked
package io.github.skydl4j.monitor.ui;

import org.jspecify.annotations.NullMarked;
