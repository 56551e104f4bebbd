package io.github.skydl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.testing.OffHeapArrays;
import io.github.skydl4j.testing.SmallGraphs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After {@code close()} neither a thread nor an off-heap array of the trainer is left. */
class LeakTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void leavesNoThreadAndNoArray(int stages) {
        ComputationGraph network = SmallGraphs.chain(9);
        train(network, stages, ScheduleKind.GPIPE);
        Set<Thread> threadsBefore = threads();
        int arraysBefore = OffHeapArrays.settled(0);
        for (ScheduleKind schedule : ScheduleKind.values()) {
            train(network, stages, schedule);
        }
        Awaitility.await()
                .pollInSameThread()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(threads())
                        .filteredOn(thread -> !threadsBefore.contains(thread))
                        .isEmpty());
        assertThat(OffHeapArrays.settled(arraysBefore)).isLessThanOrEqualTo(arraysBefore);
    }

    private static void train(ComputationGraph network, int stages, ScheduleKind schedule) {
        List<Worker> workers = new ArrayList<>();
        for (int w = 0; w < stages; w++) {
            workers.add(Worker.named("w" + w));
        }
        try (SkyTrainer trainer = SkyTrainer.builder(network)
                .workers(workers)
                .planner(new EvenPlanner())
                .schedule(schedule)
                .microBatches(6)
                .profiling(Duration.ofMillis(1))
                .build()) {
            trainer.fit(SmallGraphs.data(50, 20, 1), 2);
            trainer.evaluate(SmallGraphs.data(20, 20, 1));
            assertThat(trainer.report().stages()).hasSize(stages);
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().contains("Deallocator"))
                .filter(thread -> !thread.getName().startsWith("Common-Cleaner"))
                .collect(Collectors.toSet());
    }
}
