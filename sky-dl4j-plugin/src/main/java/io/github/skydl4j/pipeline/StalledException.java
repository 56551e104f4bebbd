package io.github.skydl4j.pipeline;

import java.time.Duration;

/** A wait reached its limit; the message names what was waited for and what to check. */
public final class StalledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what was waited for. */
    public StalledException(String what, Duration limit) {
        super(
                "waited " + limit.toSeconds() + " s for " + what
                        + ": is its worker stuck or far slower than planned? Raise the stall limit if the step may take longer");
    }
}
