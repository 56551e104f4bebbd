package io.github.skydl4j.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.profile.MeasuredRuns.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredRunsTest {
    @Test
    void ofManyEqualBlocksTwoAreMeasured() {
        List<String> units = List.of("embed", "a", "b", "a", "b", "a", "b", "a", "b", "head");
        assertThat(MeasuredRuns.of(units).runs())
                .containsExactly(new Run(0, 5, true), new Run(5, 9, false), new Run(9, 10, true));
    }

    @Test
    void unitsOfWhichNoTwoAreEqualAreAllMeasured() {
        assertThat(MeasuredRuns.of(List.of("a", "b", "c")).runs()).containsExactly(new Run(0, 3, true));
    }
}
