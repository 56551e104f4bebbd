package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StageTrailTest {

    @Test
    void plansShareTheirEnds() {
        StageTrail trail = new StageTrail();
        int last = trail.add(StageTrail.NOTHING, 4, 7);
        int one = trail.add(last, 2, 0);
        int middle = trail.add(last, 1, 3);
        int other = trail.add(middle, 2, 0);
        assertThat(trail.stages(one, 9)).containsExactly(new StagePlan(2, 0, 7), new StagePlan(4, 7, 9));
        assertThat(trail.stages(other, 9))
                .isEqualTo(List.of(new StagePlan(2, 0, 3), new StagePlan(1, 3, 7), new StagePlan(4, 7, 9)));
    }
}
