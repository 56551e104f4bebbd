package io.github.skydl4j.monitor;

import org.slf4j.MDC;

/**
 * Puts run, stage and step into the context of log lines (SLF4J's MDC), under the keys {@code run}, {@code stage} and
 * {@code step}. Thread-safe; the context is that of the calling thread.
 */
public final class LogContext {
    private static final String RUN = "run";
    private static final String STAGE = "stage";
    private static final String STEP = "step";

    private final String runId;
    private volatile String step = "0";

    LogContext(String runId) {
        this.runId = runId;
    }

    /** The calling thread works for the run. */
    void enter() {
        MDC.put(RUN, runId);
    }

    /** The calling thread trains; it begins a step. */
    void step(long newStep) {
        step = Long.toString(newStep);
        MDC.put(RUN, runId);
        MDC.put(STEP, step);
    }

    /** The calling thread is a stage's; it begins the current step. */
    public void stage(String stage) {
        MDC.put(RUN, runId);
        MDC.put(STAGE, stage);
        MDC.put(STEP, step);
    }

    /** The calling thread no longer works for the run. */
    void leave() {
        MDC.remove(RUN);
        MDC.remove(STEP);
    }
}
