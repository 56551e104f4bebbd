package io.github.skydl4j.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trace of one run of four stages. */
class TraceFileTest {
    @TempDir
    private static Path folder;

    private static TrainingReport report;
    private static JsonNode trace;
    private static List<JsonNode> events;

    @BeforeAll
    static void train() throws IOException {
        Path file = folder.resolve("trace.json");
        try (Monitor monitor = Monitor.start()) {
            monitor.addListener(new TraceFile(file, monitor.runId(), TraceFile.MOST_BYTES));
            report = MonitoredRun.train(monitor);
        }
        trace = new ObjectMapper().readTree(file.toFile());
        events = new ArrayList<>();
        trace.get("traceEvents").forEach(events::add);
    }

    @Test
    void hasARowForTheStepsForEveryStageAndForBothWaysOfEveryLink() {
        assertThat(events.stream()
                        .filter(event -> event.get("name").textValue().equals("thread_name"))
                        .map(event -> event.get("args").get("name").textValue()))
                .containsExactly(
                        "steps",
                        "stage 0 on fast",
                        "link fast to good",
                        "link good to fast",
                        "stage 1 on good",
                        "link good to slow",
                        "link slow to good",
                        "stage 2 on slow",
                        "link slow to slowest",
                        "link slowest to slow",
                        "stage 3 on slowest");
    }

    @Test
    void hasOneForwardAndOneBackwardForEveryMicroBatchAndStageOfEveryStep() {
        for (String kind : List.of("forward", "backward")) {
            Set<String> seen = new HashSet<>();
            for (JsonNode slice : slices(kind)) {
                JsonNode args = slice.get("args");
                assertThat(seen.add(args.get("step") + "/" + args.get("stage") + "/" + args.get("microBatch")))
                        .as("%s is there once", slice)
                        .isTrue();
            }
            assertThat(seen).hasSize(MonitoredRun.STEPS * MonitoredRun.STAGES * MonitoredRun.MICRO_BATCHES);
        }
        assertThat(slices("update")).hasSize(MonitoredRun.STEPS * MonitoredRun.STAGES);
    }

    @Test
    void hasNoNegativeDurationAndNoOverlapWithinARow() {
        Map<Integer, List<JsonNode>> rows = new TreeMap<>();
        for (JsonNode event : events) {
            if (event.get("ph").textValue().equals("X")) {
                assertThat(event.get("dur").doubleValue()).isNotNegative();
                rows.computeIfAbsent(event.get("tid").intValue(), unused -> new ArrayList<>())
                        .add(event);
            }
        }
        assertThat(rows).hasSize(1 + MonitoredRun.STAGES + 2 * (MonitoredRun.STAGES - 1));
        rows.forEach((row, slices) -> {
            slices.sort(Comparator.comparingDouble(slice -> slice.get("ts").doubleValue()));
            for (int i = 1; i < slices.size(); i++) {
                assertThat(slices.get(i).get("ts").doubleValue())
                        .as("%s after %s", slices.get(i), slices.get(i - 1))
                        .isGreaterThanOrEqualTo(end(slices.get(i - 1)) - 0.002);
            }
        });
    }

    @Test
    void leadsAnArrowFromEverySendToAReceiveThatIsNotBeforeIt() {
        Map<Long, JsonNode> starts = new HashMap<>();
        Map<Long, JsonNode> ends = new HashMap<>();
        for (JsonNode event : events) {
            String phase = event.get("ph").textValue();
            if (phase.equals("s")) {
                assertThat(starts.put(event.get("id").longValue(), event)).isNull();
            } else if (phase.equals("f")) {
                assertThat(ends.put(event.get("id").longValue(), event)).isNull();
            }
        }
        int messages = MonitoredRun.STEPS * 2 * (MonitoredRun.STAGES - 1) * MonitoredRun.MICRO_BATCHES;
        assertThat(starts).hasSize(messages);
        assertThat(ends.keySet()).isEqualTo(starts.keySet());
        starts.forEach((id, start) -> assertThat(ends.get(id).get("ts").doubleValue())
                .isGreaterThanOrEqualTo(start.get("ts").doubleValue()));
        assertThat(sliceEnds("send")).hasSize(messages);
        sliceEnds("send")
                .forEach((message, end) -> assertThat(sliceStarts("receive"))
                        .hasEntrySatisfying(message, start -> assertThat(start).isGreaterThanOrEqualTo(end - 0.002)));
    }

    @Test
    void agreesWithTheReportOnTheTimeOfAStep() {
        double[] millis = slices("step").stream()
                .filter(step -> step.get("args").get("step").longValue() > MonitoredRun.STEPS / 2)
                .mapToDouble(step -> step.get("dur").doubleValue() / 1000)
                .sorted()
                .toArray();
        assertThat(millis[millis.length / 2]).isCloseTo(report.stepMillis(), within(0.02 * report.stepMillis()));
        assertThat(millis[0]).isPositive();
    }

    /** From the first forward to the last update the events of a step span the step, but for what surrounds them. */
    @Test
    void hasEventsThatSpanTheirStep() {
        for (JsonNode step : slices("step")) {
            JsonNode number = step.get("args").get("step");
            double[] ends = events.stream()
                    .filter(event -> event.path("args").path("step").equals(number))
                    .filter(event -> !event.path("cat").textValue().equals("step"))
                    .mapToDouble(TraceFileTest::end)
                    .toArray();
            double span =
                    Arrays.stream(ends).max().orElseThrow() - step.get("ts").doubleValue();
            assertThat(span).isPositive();
        }
    }

    @Test
    void carriesPlanAndBound() {
        JsonNode other = trace.get("otherData");
        assertThat(other.get("plan").get("planner").textValue()).isEqualTo("even");
        assertThat(other.get("plan").get("stages")).hasSize(MonitoredRun.STAGES);
        assertThat(other.get("plan").get("predictedStepMillis").doubleValue()).isPositive();
        assertThat(other.get("boundMillis").doubleValue()).isPositive();
        assertThat(other.get("leftOutSteps").longValue()).isZero();
    }

    @Test
    void leavesOutStepsPastItsLimitAndSaysSo() throws IOException {
        Path file = folder.resolve("short.json");
        try (Monitor monitor = Monitor.start()) {
            monitor.addListener(new TraceFile(file, monitor.runId(), 1));
            MonitoredRun.train(monitor);
        }
        JsonNode cut = new ObjectMapper().readTree(file.toFile());
        assertThat(cut.get("otherData").get("leftOutSteps").longValue()).isEqualTo(MonitoredRun.STEPS);
        assertThat(Files.size(file)).isLessThan(20_000);
    }

    private static Map<String, Double> sliceStarts(String kind) {
        return byMessage(kind, false);
    }

    private static Map<String, Double> sliceEnds(String kind) {
        return byMessage(kind, true);
    }

    /** Times by step, receiving stage, micro-batch and direction. */
    private static Map<String, Double> byMessage(String kind, boolean atEnd) {
        Map<String, Double> times = new HashMap<>();
        for (JsonNode slice : slices(kind)) {
            JsonNode args = slice.get("args");
            boolean forward = slice.get("name").textValue().contains("activations");
            int stage = args.get("stage").intValue();
            int receiver = kind.equals("receive") ? stage : forward ? stage + 1 : stage - 1;
            times.put(
                    args.get("step") + "/" + receiver + "/" + args.get("microBatch") + "/" + forward,
                    atEnd ? end(slice) : slice.get("ts").doubleValue());
        }
        return times;
    }

    private static List<JsonNode> slices(String category) {
        return events.stream()
                .filter(event -> event.get("ph").textValue().equals("X"))
                .filter(event -> event.get("cat").textValue().equals(category))
                .toList();
    }

    private static double end(JsonNode slice) {
        return slice.path("ts").doubleValue() + slice.path("dur").doubleValue();
    }
}
