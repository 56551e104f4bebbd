package io.github.skydl4j.cluster;

/** The workers that host the stages cannot go on as they are; a new crew has to be made. Never leaves the coordinator. */
final class CrewBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What has happened. */
    enum Kind {
        /** A worker is gone. */
        LOST,
        /** A stage has failed by itself. */
        STAGE_FAILED,
        /** Something failed, and nobody has said why. */
        UNKNOWN
    }

    private final Kind kind;
    private final String worker;
    private final int stage;

    CrewBrokenException(Kind kind, String worker, int stage, String text) {
        super(text, null, false, false);
        this.kind = kind;
        this.worker = worker;
        this.stage = stage;
    }

    static CrewBrokenException lost(String worker, String why) {
        return new CrewBrokenException(Kind.LOST, worker, -1, "worker " + worker + " is lost: " + why);
    }

    Kind kind() {
        return kind;
    }

    String worker() {
        return worker;
    }

    int stage() {
        return stage;
    }
}
