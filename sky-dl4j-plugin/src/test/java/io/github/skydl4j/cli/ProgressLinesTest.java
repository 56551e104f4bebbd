package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.monitor.MonitorView.Pace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private static final int ROWS = 10;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private long nanoTime = 1_000_000_000_000L;
    private Optional<Pace> pace = Optional.empty();

    @Test
    void saysWhereTheRunIsAndHowLongItWillTake() {
        ProgressLines progress = progress(50, 2);
        steps(progress, 1, 10, 0.3);
        assertThat(lines()).containsExactly("  epoch 1/2   step 10/50   loss 0.5000   33 samples/s   27 s left");
    }

    @Test
    void printsALineForATenthOfTheRunButNotMoreOftenThanEveryTwoSeconds() {
        ProgressLines progress = progress(50, 2);
        steps(progress, 1, 100, 0.15);
        assertThat(lines())
                .extracting(line -> line.replaceAll(" +loss.*", ""))
                .containsExactly(
                        "  epoch 1/2   step 14/50",
                        "  epoch 1/2   step 28/50",
                        "  epoch 1/2   step 42/50",
                        "  epoch 2/2   step  6/50",
                        "  epoch 2/2   step 20/50",
                        "  epoch 2/2   step 34/50",
                        "  epoch 2/2   step 48/50");
    }

    @Test
    void printsALineEveryTenSecondsOfALongRun() {
        ProgressLines progress = progress(10_000, 1);
        steps(progress, 1, 35, 1);
        assertThat(lines()).hasSize(3);
    }

    @Test
    void countsLossAndSpeedSinceTheLastLine() {
        ProgressLines progress = progress(100, 1);
        steps(progress, 1, 10, 1);
        progress.stepDone(11, 0, 0.1, 30, 1);
        nanoTime += 10_000_000_000L;
        progress.stepDone(12, 0, 0.3, 10, 1);
        assertThat(lines().get(1)).contains("loss 0.1500", " 4 samples/s");
    }

    @Test
    void saysHowNearTheBoundTheStepsAreOnceThatIsKnown() {
        pace = Optional.of(new Pace(130, 100, 130, List.of()));
        ProgressLines progress = progress(50, 2);
        steps(progress, 1, 10, 0.3);
        assertThat(lines())
                .containsExactly("  epoch 1/2   step 10/50   loss 0.5000   33 samples/s   1.30 x bound   27 s left");
    }

    private ProgressLines progress(int stepsPerEpoch, int epochs) {
        ProgressLines progress = new ProgressLines(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                () -> nanoTime,
                stepsPerEpoch,
                epochs,
                () -> pace);
        progress.begin();
        return progress;
    }

    private void steps(ProgressLines progress, int first, int last, double seconds) {
        for (int step = first; step <= last; step++) {
            nanoTime += Math.round(seconds * 1e9);
            progress.stepDone(step, (step - 1) / 50, 0.5, ROWS, 1);
        }
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
