package io.github.skydl4j.bench;

import java.time.Duration;

/**
 * How long one setting is measured. Immutable.
 *
 * @param warmUp at least this, and a step at least
 * @param measuring at least this, and {@code fewestSteps}
 */
record Effort(Duration warmUp, Duration measuring, int fewestSteps) {
    Effort {
        if (fewestSteps < 1) {
            throw new IllegalArgumentException("fewestSteps is " + fewestSteps + ": it must be at least 1");
        }
    }

    Effort after(Duration newWarmUp) {
        return new Effort(newWarmUp, measuring, fewestSteps);
    }
}
