package io.github.skydl4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.skydl4j.schedule.GanttChart.Bar;
import io.github.skydl4j.schedule.GanttChart.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class GanttChartTest {

    private static final GanttChart MEASURED = new GanttChart(List.of(
            new Row("stage 0", List.of(bar("F0", 0, 4), bar("F1", 4, 8), bar("B0", 20, 30), bar("B1", 30, 40))),
            new Row("stage 1", List.of(bar("F0", 4, 10), bar("B0", 10, 19), bar("F1", 19, 25), bar("B1", 25, 30)))));

    @Test
    void drawsBarsInProportionToTime() {
        assertThat(MEASURED.render(40)).isEqualTo("""
                        0         10        20        30        40 ms
                stage 0 F0ffF1ff............B0bbbbbbbbB1bbbbbbbb
                stage 1 ....F0ffffB0bbbbbbbF1ffffB1bbb..........
                """);
    }

    @Test
    void shortensTextsWhereTheyDoNotFit() {
        assertThat(MEASURED.render(20)).isEqualTo("""
                        0         20        40 ms
                stage 0 F0F1......B0bbbB1bbb
                stage 1 ..F0fB0bbbF1fB1.....
                """);
    }

    @Test
    void countsFromTheFirstStartWhateverTheClock() {
        long now = 1_700_000_000_000_000_000L;
        GanttChart later = new GanttChart(List.of(
                new Row("a", List.of(new Bar("F0", now, now + 500), new Bar("B0", now + 500, now + 1000)))));
        assertThat(later.render(20)).isEqualTo("""
                  0         500       1000 ns
                a F0ffffffffB0bbbbbbbb
                """);
    }

    @Test
    void refusesBarsThatEndBeforeTheyStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bar("F0", 10, 9))
                .withMessage("bar F0 ends at 9 ns, before its start at 10");
    }

    private static Bar bar(String text, long startMillis, long endMillis) {
        return new Bar(text, startMillis * 1_000_000, endMillis * 1_000_000);
    }
}
