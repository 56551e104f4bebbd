package io.github.skydl4j.transport;

/** Thrown where the coordinator of a run has not admitted a member: it was not there, or would not. */
public final class AdmissionException extends PeerLostException {
    private static final long serialVersionUID = 1L;

    private final boolean isFinal;

    AdmissionException(String coordinator, String why, boolean isFinal) {
        super(coordinator, why);
        this.isFinal = isFinal;
    }

    /** True if to try again is in vain: the keys or the versions differ. */
    public boolean isFinal() {
        return isFinal;
    }
}
