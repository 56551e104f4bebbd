package io.github.skydl4j.cli;

import io.github.skydl4j.monitor.MonitorView.Pace;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar for each epoch, for terminals. Called by one thread. */
final class ProgressBars implements RunProgress {
    private static final int REDRAW_MILLIS = 200;
    private static final long MESSAGE_NANOS = 250_000_000;
    private static final int MOST_COLUMNS = 118;

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final int stepsPerEpoch;
    private final int epochs;
    private final Supplier<Optional<Pace>> pace;
    private @Nullable ProgressBar bar;
    private long start;
    private long lastMessage;

    ProgressBars(PrintStream out, LongSupplier nanoTime, int stepsPerEpoch, int epochs, Supplier<Optional<Pace>> pace) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.stepsPerEpoch = stepsPerEpoch;
        this.epochs = epochs;
        this.pace = pace;
    }

    @Override
    public void begin() {
        start = nanoTime.getAsLong();
        lastMessage = start - MESSAGE_NANOS;
    }

    @Override
    public void stepDone(long step, int epoch, double score, int rows, long nanos) {
        long ofEpoch = (step - 1) % stepsPerEpoch + 1;
        if (bar == null) {
            bar = bar("  epoch " + (epoch + 1) + "/" + epochs, ofEpoch - 1);
        }
        long now = nanoTime.getAsLong();
        if (now - lastMessage >= MESSAGE_NANOS || ofEpoch == stepsPerEpoch) {
            lastMessage = now;
            bar.setExtraMessage(message(step, score, rows, nanos, (now - start) / 1e9));
        }
        bar.stepTo(ofEpoch);
        if (ofEpoch == stepsPerEpoch) {
            bar.close();
            bar = null;
        }
    }

    /** Takes the bar of an epoch that was not finished from the screen. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private String message(long step, double score, int rows, long nanos, double seconds) {
        String overBound = pace.get()
                .map(known -> String.format(Locale.ROOT, "  %.2f x bound", known.overBound()))
                .orElse("");
        double left = seconds / step * ((long) stepsPerEpoch * epochs - step);
        return String.format(
                Locale.ROOT,
                "  loss %.4f  %.0f samples/s%s  %s left",
                score,
                nanos == 0 ? 0 : rows / (nanos / 1e9),
                overBound,
                Durations.text(left));
    }

    private ProgressBar bar(String name, long done) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(stepsPerEpoch)
                .startsFrom(done, Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(out, MOST_COLUMNS))
                .hideEta()
                .build();
    }
}
