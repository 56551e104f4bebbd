package io.github.skydl4j.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.schedule.Action.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class GanttTextTest {
    @Test
    void drawsForwardsAsDigitsBackwardsAsLettersAndTheUpdate() {
        List<StageEvent> events = List.of(
                event(0, Activity.FORWARD, Kind.FORWARD, 0, 0, 20),
                event(0, Activity.FORWARD, Kind.FORWARD, 1, 20, 40),
                event(1, Activity.INPUT_WAIT, Kind.FORWARD, 0, 0, 20),
                event(1, Activity.FORWARD, Kind.FORWARD, 0, 20, 40),
                event(1, Activity.BACKWARD, Kind.BACKWARD, 0, 40, 70),
                event(0, Activity.BACKWARD, Kind.BACKWARD, 0, 70, 90),
                event(0, Activity.UPDATE, Kind.BACKWARD, 0, 90, 100));
        StepFacts facts = new StepFacts(1, 0, 0, 2, 0, 100, List.of(), List.of());
        MonitoredStep step = new MonitoredStep(StepSummary.of(facts, events, 2), events);

        assertThat(GanttText.render(step, List.of("0 fast", "1 slowest"), 10))
                .containsExactly("0 fast    |0011...aaU|", "1 slowest |..00aaa...|", "           0   0.0 ms");
    }

    private static StageEvent event(int stage, Activity activity, Kind cause, int microBatch, long start, long end) {
        return new StageEvent(1, stage, activity, cause, microBatch, start, end, 0);
    }
}
