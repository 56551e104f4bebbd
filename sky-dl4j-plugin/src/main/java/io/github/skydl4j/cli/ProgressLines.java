package io.github.skydl4j.cli;

import io.github.skydl4j.monitor.MonitorView.Pace;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Prints a line of progress now and then: when a tenth of the run has passed, but not within 2 seconds of the last one,
 * and after 10 seconds in any case. Loss and speed are those since the last line. Called by one thread.
 */
final class ProgressLines implements RunProgress {
    private static final double SOONEST_SECONDS = 2;
    private static final double LATEST_SECONDS = 10;
    private static final int TENTHS = 10;

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final int stepsPerEpoch;
    private final int epochs;
    private final Supplier<Optional<Pace>> pace;
    private long start;
    private long lastLine;
    private long lastTenth;
    private long rowsSinceLine;
    private double lossSinceLine;

    ProgressLines(
            PrintStream out, LongSupplier nanoTime, int stepsPerEpoch, int epochs, Supplier<Optional<Pace>> pace) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.stepsPerEpoch = stepsPerEpoch;
        this.epochs = epochs;
        this.pace = pace;
    }

    @Override
    public void begin() {
        start = nanoTime.getAsLong();
        lastLine = start;
    }

    @Override
    public void stepDone(long step, int epoch, double score, int stepRows, long nanos) {
        long now = nanoTime.getAsLong();
        rowsSinceLine += stepRows;
        lossSinceLine += score * stepRows;
        double sinceLine = (now - lastLine) / 1e9;
        long steps = (long) stepsPerEpoch * epochs;
        long tenth = step * TENTHS / steps;
        boolean isDue = sinceLine >= LATEST_SECONDS || (tenth > lastTenth && sinceLine >= SOONEST_SECONDS);
        if (!isDue || step == steps) {
            return;
        }
        double secondsLeft = (now - start) / 1e9 / step * (steps - step);
        out.println(line(step, epoch, lossSinceLine / rowsSinceLine, rowsSinceLine / sinceLine, secondsLeft));
        lastLine = now;
        lastTenth = tenth;
        rowsSinceLine = 0;
        lossSinceLine = 0;
    }

    private String line(long step, int epoch, double loss, double rowsPerSecond, double secondsLeft) {
        int width = Integer.toString(stepsPerEpoch).length();
        return String.format(
                Locale.ROOT,
                "  epoch %d/%d   step %" + width + "d/%d   loss %.4f   %.0f samples/s%s   %s left",
                epoch + 1,
                epochs,
                (step - 1) % stepsPerEpoch + 1,
                stepsPerEpoch,
                loss,
                rowsPerSecond,
                pace.get()
                        .map(known -> String.format(Locale.ROOT, "   %.2f x bound", known.overBound()))
                        .orElse(""),
                Durations.text(secondsLeft));
    }
}
