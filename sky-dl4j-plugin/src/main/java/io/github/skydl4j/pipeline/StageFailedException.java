package io.github.skydl4j.pipeline;

/** A stage failed and the step was stopped. The parameters are those of the last finished step. */
public final class StageFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int stage;

    StageFailedException(int stage, String worker, String work, Throwable cause) {
        super("stage " + stage + " on worker " + worker + " failed in " + work + ": " + cause, cause);
        this.stage = stage;
    }

    private StageFailedException(String message, int stage) {
        super(message);
        this.stage = stage;
    }

    /** The failure of a stage in another JVM, as it was reported. */
    public static StageFailedException reported(String message, int stage) {
        return new StageFailedException(message, stage);
    }

    /** Number of the stage, from 0. */
    public int stage() {
        return stage;
    }
}
