package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.Simulation.Event;
import io.github.skydl4j.schedule.Action;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatorTest {

    @Test
    void givesTheEventsOfEveryStageInTheOrderOfTime() {
        StageTimes times = new StageTimes(List.of(2L, 3L), List.of(4L, 1L), List.of(0L));
        Simulation simulation = Simulator.simulate(ScheduleKind.ONE_F_ONE_B.build(times, 1), times);
        assertThat(simulation.events())
                .containsExactly(
                        new Event(0, Action.forward(0), 0, 2),
                        new Event(0, Action.backward(0), 6, 10),
                        new Event(1, Action.forward(0), 2, 5),
                        new Event(1, Action.backward(0), 5, 6));
        assertThat(simulation.busyShares()).containsExactly(0.6, 0.4);
    }

    @Test
    void simulatesAThousandWorkers() {
        StageTimes times = StageTimes.uniform(1000, 1000, 2000, 500);
        Simulation simulation = Simulator.simulate(ScheduleKind.ROUND_TRIP.build(times, 200), times);
        assertThat(simulation.stepNanos()).isGreaterThanOrEqualTo(StepBound.ofPlan(times, 200));
        assertThat((double) simulation.stepNanos() / StepBound.ofPlan(times, 200))
                .isLessThan(1.1);
    }

    @Test
    void drawsStagesAndTheTransfersBetweenThem() {
        StageTimes times = new StageTimes(List.of(2L, 3L), List.of(4L, 5L), List.of(1L));
        Simulation simulation = Simulator.simulate(ScheduleKind.ROUND_TRIP.build(times, 2), times);
        assertThat(simulation.chart(stage -> "stage " + stage).render(24)).isEqualTo("""
                        0         10        20 ns
                stage 0 F0F1........B0bb....B1bb
                  down  ..F.F...................
                  up    ...........B.......B....
                stage 1 ...F0fB0bbbF1fB1bbb.....
                """);
    }
}
