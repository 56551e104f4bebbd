package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.Action;
import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One step on paper as one {@link Host} plays it, where {@link Simulator} takes every worker for a machine of its own.
 *
 * <p>A thread computes for as long as its work takes CPU time on the host, which is shared where more threads are at work
 * than there are cores, and grows where there are several; then it idles until the slower machine that it plays would be
 * done. A transfer occupies its link for bytes over bandwidth and arrives after the latency, when the hand-over wakes
 * the thread that waits. Confined to one thread; O(stages² x micro-batches).
 */
public final class EmulatedStep {
    private static final double UNKNOWN = Double.POSITIVE_INFINITY;

    private final Host host;
    private final List<PlayedWorker> workers = new ArrayList<>();
    private final List<PlayedLink> links = new ArrayList<>();
    private final boolean endsShared;
    private double now;

    private EmulatedStep(Host host, PlanRequest request, Allocation allocation) {
        this.host = host;
        List<StagePlan> stages = allocation.stages();
        Schedule schedule = StepTimes.schedule(request, allocation);
        PlanRequest scaled = request.scaledTo(allocation.microBatches());
        StageTimes times = StepTimes.of(scaled, stages);
        this.endsShared = times.endsShared();
        for (int s = 0; s < stages.size(); s++) {
            StagePlan stage = stages.get(s);
            if (s > 0) {
                Link link = scaled.cluster().link(stages.get(s - 1).worker(), stage.worker());
                long bytes = scaled.units().get(stage.firstUnit() - 1).boundaryBytes();
                links.add(new PlayedLink(link, bytes, host.handOverNanos(), schedule.microBatches()));
            }
            workers.add(new PlayedWorker(schedule.stage(s), times, s, cpuShare(scaled, stage), host, stages.size()));
        }
    }

    /**
     * The time of a step of the allocation under the requested schedule.
     *
     * @param request with units as {@link Host#played} gives them
     */
    public static long nanos(Host host, PlanRequest request, Allocation allocation) {
        EmulatedStep step = new EmulatedStep(host, request, allocation);
        step.run();
        step.workers.forEach(PlayedWorker::startUpdate);
        step.run();
        return Math.round(step.now) + host.stepNanos();
    }

    /** The part of the stage's time on its worker in which the host computes. */
    private static double cpuShare(PlanRequest request, StagePlan stage) {
        double reference = 0;
        double emulated = 0;
        for (UnitProfile unit : request.units().subList(stage.firstUnit(), stage.endUnit())) {
            double nanos = (double) unit.forwardNanos() + unit.backwardNanos();
            reference += nanos;
            emulated += nanos * request.cluster().worker(stage.worker()).slownessOf(unit);
        }
        return emulated == 0 ? 1 : Math.min(1, reference / emulated);
    }

    private void run() {
        while (true) {
            for (int s : startOrder()) {
                if (!isHeldUp(s)) {
                    workers.get(s).startIfReady(now, arrival(s));
                }
            }
            int threads =
                    (int) workers.stream().filter(PlayedWorker::isComputing).count();
            double share = threads == 0 ? 1 : host.share(threads);
            double next = UNKNOWN;
            for (int s = 0; s < workers.size(); s++) {
                next = Math.min(next, workers.get(s).nextEvent(now, isHeldUp(s) ? UNKNOWN : arrival(s), share));
            }
            if (next == UNKNOWN) {
                return;
            }
            double passed = next - now;
            now = next;
            for (int s = 0; s < workers.size(); s++) {
                PlayedWorker worker = workers.get(s);
                if (worker.isComputing()) {
                    worker.compute(passed * share, now);
                }
                if (worker.finishes(now)) {
                    int stage = s;
                    worker.finish().ifPresent(action -> send(stage, action));
                }
            }
        }
    }

    /** Of two stages on one worker the one that could start first has its turn, or the later stage. */
    private List<Integer> startOrder() {
        return IntStream.range(0, workers.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(
                                s -> Math.max(arrival(s), workers.get(s).freeSince()))
                        .thenComparing(Comparator.reverseOrder()))
                .toList();
    }

    /** Whether the worker is busy with its other stage. */
    private boolean isHeldUp(int stage) {
        int last = workers.size() - 1;
        boolean isEnd = stage == 0 || stage == last;
        return endsShared && isEnd && workers.get(last - stage).isBusy();
    }

    /** When the input of the stage's next piece of work arrives. */
    private double arrival(int stage) {
        Optional<Action> next = workers.get(stage).next();
        if (next.isEmpty()) {
            return 0;
        }
        Action action = next.get();
        if (stage == (action.isForward() ? 0 : links.size())) {
            return 0;
        }
        return action.isForward()
                ? links.get(stage - 1).activations(action.microBatch())
                : links.get(stage).gradients(action.microBatch());
    }

    private void send(int stage, Action action) {
        if (action.isForward() && stage < links.size()) {
            links.get(stage).sendActivations(action.microBatch(), now);
        } else if (!action.isForward() && stage > 0) {
            links.get(stage - 1).sendGradients(action.microBatch(), now);
        }
    }
}
