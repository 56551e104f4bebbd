package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.ScheduleValidator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the exact planner decides besides the stages. */
class PlanChoicesTest {

    private static final ExactPlanner PLANNER = new ExactPlanner();

    @Test
    void leavesOutTheWorkerThatOnlySlowsAndSaysWhy() {
        PlanRequest request = request(List.of(worker("fast", 1), worker("hopeless", 1000)), 4);
        Allocation allocation = PLANNER.plan(request);
        assertThat(allocation.stages()).containsExactly(new StagePlan(0, 0, 8));
        assertThat(allocation.notes())
                .contains("worker hopeless is left out: its shortest unit takes 0.300 ms, the bottleneck is 0.002 ms");
    }

    @Test
    void putsEverythingOnTheFastestWorkerWhereOneMicroBatchRunsAtATime() {
        PlanRequest request = request(List.of(worker("slow", 3), worker("fast", 2), worker("slower", 4)), 1);
        assertThat(PLANNER.plan(request).stages()).containsExactly(new StagePlan(1, 0, 8));
    }

    @Test
    void choosesMoreMicroBatchesWhereTheyShortenTheStepAndFewerWhereEachHasAFixedCost() {
        PlanRequest request = request(List.of(worker("a", 1), worker("b", 1)), 4);
        assertThat(PLANNER.plan(choices(request, 0)).microBatches()).isEqualTo(16);
        assertThat(PLANNER.plan(choices(request, 1)).microBatches()).isEqualTo(1);
    }

    @Test
    void doesNotPlanForNumbersOfMicroBatchesThatCannotBeFastest() {
        PlanRequest request = choices(request(List.of(worker("a", 1), worker("b", 1)), 4), 1);
        List<Integer> planned = new ArrayList<>();
        Allocation allocation = MicroBatchChoice.of(request, scaled -> {
            planned.add(scaled.microBatches());
            return PLANNER.plan(scaled.withOptions(PlanOptions.defaults()));
        });
        assertThat(planned).containsExactly(1);
        assertThat(allocation.notes()).contains("1 micro-batches are the fastest of [1, 4, 16]");
    }

    @Test
    void simulatesWhatItPromises() {
        PlanRequest request = choices(request(List.of(worker("a", 1), worker("b", 1.5), worker("c", 2)), 4), 0.1);
        Allocation allocation = PLANNER.plan(request);
        assertThat(Simulator.simulate(request, allocation).stepNanos()).isEqualTo(allocation.stepNanos());
        Schedule schedule = StepTimes.schedule(request, allocation);
        assertThat(schedule.microBatches()).isEqualTo(allocation.microBatches());
        assertThat(ScheduleValidator.validate(schedule, allocation.inFlightLimits()))
                .isEmpty();
    }

    @Test
    void keepsHeadRoomInEveryMemory() {
        UnitProfile unit = new UnitProfile("unit", 100, 200, 40, 60, 0, 0);
        List<WorkerProfile> workers = List.of(new WorkerProfile("a", 1, 250), new WorkerProfile("b", 1, 250));
        PlanRequest request =
                new PlanRequest(List.of(unit, unit, unit), Cluster.instant(workers), 2, ScheduleKind.ROUND_TRIP);
        assertThat(PLANNER.plan(request).stages()).hasSize(2);
        PlanRequest careful = request.withOptions(request.options().withHeadRoom(0.5));
        assertThat(catchThrowable(() -> PLANNER.plan(careful)))
                .isInstanceOf(InfeasiblePlanException.class)
                .hasMessageStartingWith("the 2 workers hold 250 B, the model needs 300 B");
    }

    private static PlanRequest choices(PlanRequest request, double fixedShare) {
        return request.withOptions(request.options().withMicroBatchChoices(List.of(16, 1, 4), fixedShare));
    }

    private static PlanRequest request(List<WorkerProfile> workers, int microBatches) {
        UnitProfile unit = new UnitProfile("unit", 100, 200, 0, 0, 0, 0);
        return new PlanRequest(
                Collections.nCopies(8, unit), Cluster.instant(workers), microBatches, ScheduleKind.ROUND_TRIP);
    }

    private static WorkerProfile worker(String name, double slowness) {
        return new WorkerProfile(name, slowness, Long.MAX_VALUE);
    }
}
