package io.github.skydl4j.monitor;

import java.time.Instant;

/**
 * Something that happened to the run as a whole.
 *
 * @param step the last finished step
 * @param text one sentence for people
 */
public record RunEvent(Instant time, long step, Kind kind, String text) {
    /** What happens to runs. */
    public enum Kind {
        STARTED,
        PLANNED,
        REPLANNED,
        WORKER_JOINED,
        WORKER_LOST,
        FAILED,
        RESUMED,
        FINISHED,
        NOTE
    }
}
