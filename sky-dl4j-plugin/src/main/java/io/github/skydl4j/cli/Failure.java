package io.github.skydl4j.cli;

import io.github.skydl4j.bert.CheckpointException;
import io.github.skydl4j.cluster.MissingWorkersException;
import io.github.skydl4j.cluster.SnapshotException;
import io.github.skydl4j.graph.UnsupportedGraphException;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.text.TextException;
import io.github.skydl4j.transport.AdmissionException;
import io.github.skydl4j.transport.KeyFileException;

/**
 * An exception as the user of the command line sees it.
 *
 * @param exitCode 2 where the configuration or the data is at fault, else 1
 */
record Failure(String line, int exitCode) {
    static final int FAILED = 1;
    static final int WRONG_INPUT = 2;

    static Failure of(Throwable thrown) {
        boolean wrongInput = thrown instanceof ConfigException
                || thrown instanceof TextException
                || thrown instanceof CheckpointException
                || thrown instanceof InfeasiblePlanException
                || thrown instanceof KeyFileException
                || thrown instanceof AdmissionException
                || thrown instanceof MissingWorkersException
                || thrown instanceof SnapshotException
                || thrown instanceof UnsupportedGraphException;
        String message = thrown.getMessage();
        String text = message == null || message.isBlank() ? thrown.toString() : message;
        if (wrongInput) {
            return new Failure(oneLine(text), WRONG_INPUT);
        }
        String named = thrown instanceof RuntimeException ? text : thrown.toString();
        return new Failure("failed: " + oneLine(named) + " (--verbose shows where)", FAILED);
    }

    /** The text without the line breaks that messages of native code have. */
    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
