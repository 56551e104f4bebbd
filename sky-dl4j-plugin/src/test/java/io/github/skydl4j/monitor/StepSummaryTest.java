package io.github.skydl4j.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.schedule.Action.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepSummaryTest {
    private static final StepFacts FACTS = new StepFacts(1, 0, 0.5, 8, 100, 100, List.of(1L, 1L), List.of(1L, 1L));

    @Test
    void tellsWorkFromWaitingForANeighbourAndForTheLink() {
        StepSummary summary = StepSummary.of(
                FACTS,
                List.of(
                        event(0, Activity.FORWARD, Kind.FORWARD, 100, 130),
                        event(0, Activity.SEND, Kind.FORWARD, 130, 132),
                        event(1, Activity.INPUT_WAIT, Kind.FORWARD, 100, 131),
                        event(1, Activity.LINK_WAIT, Kind.FORWARD, 131, 141),
                        event(1, Activity.TRANSFER, Kind.FORWARD, 131, 140),
                        event(1, Activity.BACKWARD, Kind.BACKWARD, 145, 195),
                        event(1, Activity.UPDATE, Kind.BACKWARD, 195, 200)),
                2);

        assertThat(summary.stages()).containsExactly(new StageShare(30, 0, 0), new StageShare(55, 31, 10));
        assertThat(summary.bottleneck()).isEqualTo(new Bottleneck(Bottleneck.Kind.STAGE, 1, 0.55));
        assertThat(summary.bottleneck().label()).isEqualTo("stage 1");
    }

    @Test
    void namesALinkThatIsOccupiedLongerThanAnyStageWorks() {
        StepSummary summary = StepSummary.of(
                FACTS,
                List.of(
                        event(0, Activity.FORWARD, Kind.FORWARD, 0, 20),
                        event(1, Activity.TRANSFER, Kind.FORWARD, 20, 60),
                        event(0, Activity.TRANSFER, Kind.BACKWARD, 10, 90)),
                2);

        assertThat(summary.bottleneck()).isEqualTo(new Bottleneck(Bottleneck.Kind.LINK, 0, 0.8));
        assertThat(summary.bottleneck().label()).isEqualTo("link 0-1");
    }

    private static StageEvent event(int stage, Activity activity, Kind cause, long start, long end) {
        return new StageEvent(1, stage, activity, cause, 0, start, end, 0);
    }
}
