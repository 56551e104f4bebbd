package io.github.skydl4j.pipeline;

/** The pipeline is stopping; the cause is told by the stage that failed first. */
final class ChannelClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChannelClosedException(String channel) {
        super(channel + " is closed", null, false, false);
    }
}
