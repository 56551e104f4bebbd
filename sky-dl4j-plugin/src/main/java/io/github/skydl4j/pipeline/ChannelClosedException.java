package io.github.skydl4j.pipeline;

/** The pipeline is stopping; the cause is told by the stage that failed first. */
public final class ChannelClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says which channel. */
    public ChannelClosedException(String channel) {
        super(channel + " is closed", null, false, false);
    }
}
