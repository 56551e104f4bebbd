package io.github.skydl4j.monitor;

/**
 * The four times of a heart-beat and its answer, as in NTP (RFC 5905, section 8), in nanoseconds.
 *
 * @param sentNanos when it left here, by the clock here
 * @param receivedNanos when it arrived there, by the clock there
 * @param answeredNanos when the answer left there, by the clock there
 * @param returnedNanos when the answer arrived here, by the clock here
 */
public record HeartBeat(long sentNanos, long receivedNanos, long answeredNanos, long returnedNanos) {
    /** Checks that time does not run backwards, neither here nor there. */
    public HeartBeat {
        if (!isPossible(sentNanos, receivedNanos, answeredNanos, returnedNanos)) {
            throw new IllegalArgumentException("a heart-beat that was away for " + (returnedNanos - sentNanos)
                    + " ns and there for " + (answeredNanos - receivedNanos) + " ns");
        }
    }

    /** Whether such a heart-beat can have been: what comes from elsewhere is to be asked first. */
    public static boolean isPossible(long sentNanos, long receivedNanos, long answeredNanos, long returnedNanos) {
        long there = answeredNanos - receivedNanos;
        return there >= 0 && returnedNanos - sentNanos >= there;
    }

    /** What the clock there is ahead of the clock here, if both ways took equally long. */
    public long offsetNanos() {
        return ((receivedNanos - sentNanos) + (answeredNanos - returnedNanos)) / 2;
    }

    /** Time on the way, there and back. The offset is wrong by half of it at most. */
    public long delayNanos() {
        return (returnedNanos - sentNanos) - (answeredNanos - receivedNanos);
    }
}
