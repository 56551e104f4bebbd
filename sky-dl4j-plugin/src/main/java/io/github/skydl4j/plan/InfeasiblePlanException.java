package io.github.skydl4j.plan;

/** No plan fits the workers; the message says what is needed, what is there and what to change. */
public final class InfeasiblePlanException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InfeasiblePlanException(String message) {
        super(message);
    }
}
