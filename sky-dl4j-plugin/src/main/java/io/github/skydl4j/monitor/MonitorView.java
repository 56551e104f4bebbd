package io.github.skydl4j.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a monitor knows at one moment. Immutable.
 *
 * @param elapsed since the monitor was made, until the end of the run
 * @param plan empty before the stages are planned
 * @param last the last finished step
 * @param pace empty before the first step
 * @param history first point to last
 * @param events the latest, first to last
 */
public record MonitorView(
        String runId,
        State state,
        Instant startedAt,
        Duration elapsed,
        Optional<RunGoal> goal,
        Optional<PipelinePlan> plan,
        Optional<MonitoredStep> last,
        Optional<Pace> pace,
        List<HistoryPoint> history,
        List<RunEvent> events,
        long droppedEvents) {
    /** Copies the lists. */
    public MonitorView {
        history = List.copyOf(history);
        events = List.copyOf(events);
    }

    /** Where a run stands. */
    public enum State {
        PREPARING,
        RUNNING,
        FINISHED,
        FAILED
    }

    /**
     * The latest full-size steps together.
     *
     * @param stepNanos median
     * @param boundNanos what no schedule can beat with these stages, from the compute times measured
     * @param meanNanos of a step, what the shares are to be divided by
     * @param stages mean shares of each stage
     */
    public record Pace(long stepNanos, long boundNanos, long meanNanos, List<StageShare> stages) {
        /** Copies the list. */
        public Pace {
            stages = List.copyOf(stages);
        }

        /** Measured over bound; 0 where nothing is measured. */
        public double overBound() {
            return boundNanos == 0 ? 0 : (double) stepNanos / boundNanos;
        }
    }
}
