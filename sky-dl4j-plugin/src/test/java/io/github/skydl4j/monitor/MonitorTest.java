package io.github.skydl4j.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.TrainingReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class MonitorTest {
    @Test
    void agreesWithTheReportOnWhatItsStagesDid() {
        try (Monitor monitor = Monitor.start()) {
            TrainingReport report = MonitoredRun.train(monitor);
            MonitorView view = monitor.view();
            MonitorView.Pace pace = view.pace().orElseThrow();

            assertThat(view.state()).isEqualTo(MonitorView.State.RUNNING);
            assertThat(view.droppedEvents()).isZero();
            assertThat(view.history()).hasSize(MonitoredRun.STEPS);
            double lossOfEpoch = view.history().stream()
                    .mapToDouble(HistoryPoint::loss)
                    .average()
                    .orElseThrow();
            assertThat(lossOfEpoch).isCloseTo(report.epochs().get(0).loss(), within(1e-9));
            assertThat(pace.boundNanos()).isPositive();
            assertThat(pace.stages()).hasSize(MonitoredRun.STAGES).allSatisfy(stage -> {
                assertThat(stage.busyNanos()).isPositive();
                assertThat(stage.busyNanos() + stage.inputWaitNanos() + stage.linkWaitNanos())
                        .isLessThanOrEqualTo(pace.meanNanos());
            });
        }
    }

    @Test
    void putsRunStageAndStepIntoTheContextOfLogLines() {
        Map<String, Map<String, String>> seen = new ConcurrentHashMap<>();
        try (Monitor monitor = Monitor.start()) {
            MonitoredRun.train(monitor, new BaseTrainingListener() {
                @Override
                public void iterationDone(Model model, int iteration, int epoch) {
                    seen.put("trainer", new HashMap<>(MDC.getCopyOfContextMap()));
                }
            });
            monitor.context().stage("2");
            seen.put("stage", new HashMap<>(MDC.getCopyOfContextMap()));
            MDC.remove("stage");
            String run = monitor.runId();
            String step = Integer.toString(MonitoredRun.STEPS);
            assertThat(seen.get("trainer")).containsEntry("run", run).containsEntry("step", step);
            assertThat(seen.get("stage"))
                    .containsEntry("run", run)
                    .containsEntry("stage", "2")
                    .containsEntry("step", step);
        }
        assertThat(MDC.get("run")).isNull();
    }

    @Test
    void remembersThatARunHasFailedAndThatItWasPlannedAnew() {
        Monitor monitor = Monitor.start();
        MonitoredRun.train(monitor);
        monitor.failed(new IllegalStateException("worker good is gone"));
        assertThat(monitor.view().state()).isEqualTo(MonitorView.State.FAILED);
        monitor.planned(monitor.view().plan().orElseThrow());
        assertThat(monitor.view().state()).isEqualTo(MonitorView.State.RUNNING);
        monitor.close();
        assertThat(monitor.view().events())
                .extracting(RunEvent::kind)
                .containsExactly(
                        RunEvent.Kind.STARTED,
                        RunEvent.Kind.PLANNED,
                        RunEvent.Kind.FAILED,
                        RunEvent.Kind.REPLANNED,
                        RunEvent.Kind.FINISHED);
        assertThat(monitor.view().events().get(2).text()).isEqualTo("worker good is gone");
    }

    @Test
    void refusesAStepOfNoPlan() {
        try (Monitor monitor = Monitor.start()) {
            StepFacts facts = new StepFacts(1, 0, 0, 1, 0, 1, List.of(), List.of());
            assertThatThrownBy(() -> monitor.stepDone(facts, List.of())).hasMessageContaining("before");
        }
    }
}
