package io.github.skydl4j.monitor;

import io.github.skydl4j.monitor.MonitorView.Pace;
import io.github.skydl4j.monitor.MonitorView.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what a run does, in bounded memory however long it lasts. Told of everything by the thread that trains; read and
 * closed by any thread.
 */
public final class Monitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
    private static final int HISTORY_POINTS = 512;
    private static final int KEPT_EVENTS = 200;

    private final String runId;
    private final Clock clock;
    private final Instant startedAt;
    private final LogContext context;
    private final List<MonitorListener> listeners = new CopyOnWriteArrayList<>();
    private final History history = new History(HISTORY_POINTS);
    private final RecentSteps recent = new RecentSteps();
    private final ArrayDeque<RunEvent> events = new ArrayDeque<>();
    private @Nullable RunGoal goal;
    private @Nullable PipelinePlan plan;
    private @Nullable MonitoredStep last;
    private @Nullable Instant endedAt;
    private State state = State.PREPARING;
    private long step;
    private long droppedEvents;

    /** Creates a monitor; the run begins now. */
    public Monitor(String runId, Clock clock) {
        this.runId = runId;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.context = new LogContext(runId);
        context.enter();
        happened(RunEvent.Kind.STARTED, "run " + runId + " started");
    }

    /** A monitor of a run that begins now, named after the time. */
    public static Monitor start() {
        Clock clock = Clock.systemUTC();
        return new Monitor(RunIds.of(clock.instant()), clock);
    }

    public String runId() {
        return runId;
    }

    /** What log lines of this run carry. */
    public LogContext context() {
        return context;
    }

    /** Tells the listener what happens from now on. */
    public void addListener(MonitorListener listener) {
        listeners.add(listener);
    }

    /** How long the run is meant to be, for progress. */
    public synchronized void expect(RunGoal newGoal) {
        goal = newGoal;
    }

    /** The stages have been planned, for the first time or anew. */
    public void planned(PipelinePlan newPlan) {
        boolean anew;
        synchronized (this) {
            anew = plan != null;
            plan = newPlan;
            last = null;
            state = State.RUNNING;
            recent.clear();
        }
        listeners.forEach(listener -> listener.planned(newPlan));
        happened(
                anew ? RunEvent.Kind.REPLANNED : RunEvent.Kind.PLANNED,
                String.format(
                        "%d stages on %d workers by planner %s, %d micro-batches",
                        newPlan.stages().size(), newPlan.workers().size(), newPlan.planner(), newPlan.microBatches()));
    }

    /** A step begins. */
    public void stepStarting(long newStep) {
        context.step(newStep);
    }

    /**
     * A step is done.
     *
     * @param stepEvents by the clock of this machine, merged; {@link EventMerger}
     * @throws IllegalStateException before a plan
     */
    public void stepDone(StepFacts facts, List<StageEvent> stepEvents) {
        MonitoredStep done;
        synchronized (this) {
            if (plan == null) {
                throw new IllegalStateException("step " + facts.step() + " is done before anything was planned");
            }
            StepSummary summary =
                    StepSummary.of(facts, stepEvents, plan.stages().size());
            done = new MonitoredStep(summary, stepEvents);
            recent.add(summary);
            last = done;
            step = facts.step();
        }
        history.add(done.summary());
        listeners.forEach(listener -> listener.stepDone(done));
    }

    /** So many events have found no room since the last call. */
    public synchronized void dropped(long number) {
        droppedEvents += number;
    }

    /** Something happened to the run as a whole. */
    public void happened(RunEvent.Kind kind, String text) {
        RunEvent event;
        synchronized (this) {
            event = new RunEvent(clock.instant(), step, kind, text);
            if (events.size() == KEPT_EVENTS) {
                events.removeFirst();
            }
            events.addLast(event);
        }
        LOG.info("{}: {}", kind, text);
        listeners.forEach(listener -> listener.happened(event));
    }

    /** The run has failed; what is known of it stays. */
    public void failed(Throwable cause) {
        synchronized (this) {
            state = State.FAILED;
        }
        happened(RunEvent.Kind.FAILED, String.valueOf(cause.getMessage()));
    }

    /** The run has ended. What is known of it can still be looked at. */
    @Override
    public void close() {
        boolean failed;
        synchronized (this) {
            if (endedAt != null) {
                return;
            }
            endedAt = clock.instant();
            failed = state == State.FAILED;
            state = failed ? State.FAILED : State.FINISHED;
        }
        if (!failed) {
            happened(RunEvent.Kind.FINISHED, "run " + runId + " finished");
        }
        listeners.forEach(MonitorListener::finished);
        context.leave();
    }

    /** All that is known now. */
    public synchronized MonitorView view() {
        return new MonitorView(
                runId,
                state,
                startedAt,
                Duration.between(startedAt, endedAt == null ? clock.instant() : endedAt),
                Optional.ofNullable(goal),
                Optional.ofNullable(plan),
                Optional.ofNullable(last),
                pace(),
                history.points(),
                new ArrayList<>(events),
                droppedEvents);
    }

    /** The latest full-size steps together; empty before the first. */
    public synchronized Optional<Pace> pace() {
        if (plan == null || recent.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Pace(
                recent.stepNanos(),
                recent.boundNanos(plan),
                recent.meanNanos(),
                recent.stages(plan.stages().size())));
    }
}
