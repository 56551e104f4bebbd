package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BinaryOperator;

/**
 * What runs of units cost on each worker: the one place where profiles become nanoseconds and bytes. A unit's time on
 * a worker is rounded to whole nanoseconds, so the time of a stage is exactly the sum of its units. Immutable;
 * O(distinct speeds x units) memory, all questions in O(1).
 */
final class CostModel {

    private record Speed(double slowness, Map<String, Double> ofKind) {}

    /** Sums of the units' times up to each unit; one object for all workers of a speed. */
    private static final class Prefix {
        private final long[] forward;
        private final long[] backward;
        private final long[] update;

        Prefix(int units) {
            forward = new long[units + 1];
            backward = new long[units + 1];
            update = new long[units + 1];
        }
    }

    private final PlanRequest request;
    private final Prefix[] times;
    private final long[] resident;
    private final long[] activation;
    private final long[] usable;
    private final Pins pins;
    private final boolean[] limited;
    private final int[] representative;
    private final Link slowest;
    private final Link fastest;

    CostModel(PlanRequest request) {
        this.request = request;
        Map<Speed, Prefix> bySpeed = new HashMap<>();
        times = request.cluster().workers().stream()
                .map(worker -> bySpeed.computeIfAbsent(
                        new Speed(worker.slowness(), worker.slownessOfKind()), speed -> prefixOf(worker)))
                .toArray(Prefix[]::new);
        resident = new long[units() + 1];
        activation = new long[units() + 1];
        for (int unit = 0; unit < units(); unit++) {
            UnitProfile profile = request.units().get(unit);
            resident[unit + 1] = resident[unit] + profile.residentBytes();
            activation[unit + 1] = activation[unit] + profile.activationBytes();
        }
        usable = request.cluster().workers().stream()
                .mapToLong(worker -> usableBytes(worker, request.options()))
                .toArray();
        pins = new Pins(request.options().pins(), units(), workers());
        limited = new boolean[workers()];
        for (int worker = 0; worker < limited.length; worker++) {
            limited[worker] = bytes(0, units(), leastInFlight(workers())) > usable[worker];
        }
        if (owner().orElse(0) >= workers()) {
            throw new IllegalArgumentException("owner is worker " + owner().getAsInt() + ", but there are " + workers()
                    + " workers, numbered from 0");
        }
        representative = representatives();
        slowest = extremeLink(request.cluster(), Link::worstOf);
        fastest = extremeLink(request.cluster(), Link::fasterOf);
    }

    PlanRequest request() {
        return request;
    }

    int units() {
        return request.units().size();
    }

    int workers() {
        return request.cluster().size();
    }

    int microBatches() {
        return request.microBatches();
    }

    long forward(int worker, int first, int end) {
        long[] sums = times[worker].forward;
        return sums[end] - sums[first];
    }

    long backward(int worker, int first, int end) {
        long[] sums = times[worker].backward;
        return sums[end] - sums[first];
    }

    /** The updater's part of a step; not a part of {@link #compute}. */
    long update(int worker, int first, int end) {
        long[] sums = times[worker].update;
        return sums[end] - sums[first];
    }

    long compute(int worker, int first, int end) {
        return forward(worker, first, end) + backward(worker, first, end);
    }

    long residentBytes(int first, int end) {
        return resident[end] - resident[first];
    }

    long activationBytes(int first, int end) {
        return activation[end] - activation[first];
    }

    long bytes(int first, int end, int inFlight) {
        return residentBytes(first, end) + activationBytes(first, end) * inFlight;
    }

    /** What a stage on the worker may hold. */
    long usableBytes(int worker) {
        return usable[worker];
    }

    /** Whether the worker may hold the units: by memory, and by what is pinned elsewhere. */
    boolean fits(int worker, int first, int end, int inFlight) {
        return bytes(first, end, inFlight) <= usable[worker] && pins.allow(worker, first, end);
    }

    /** Whether the units hold none that is pinned to another worker. */
    boolean pinsAllow(int worker, int first, int end) {
        return pins.allow(worker, first, end);
    }

    /** The worker that has both ends of the pipeline, if one must. */
    OptionalInt owner() {
        return request.options().owner();
    }

    /** How many micro-batches in flight the stage's worker can hold beside what else it holds. */
    long mostInFlight(StagePlan stage, long otherBytes) {
        long activation = activationBytes(stage.firstUnit(), stage.endUnit());
        long free = usable[stage.worker()] - residentBytes(stage.firstUnit(), stage.endUnit()) - otherBytes;
        return activation == 0 ? Long.MAX_VALUE : Math.max(0, free / activation);
    }

    /** One transfer between the two workers over the cut before unit {@code cut}. */
    long link(int from, int to, int cut) {
        return request.cluster()
                .link(from, to)
                .nanos(request.units().get(cut - 1).boundaryBytes());
    }

    /**
     * The micro-batches that a stage must be able to hold, {@code fromEnd} stages from the end, itself counted: all of
     * them for GPipe, else as many as 1F1B keeps.
     */
    int leastInFlight(int fromEnd) {
        return request.schedule() == ScheduleKind.GPIPE ? microBatches() : Math.min(microBatches(), fromEnd);
    }

    boolean hasEqualLinks() {
        return request.cluster().network() instanceof Network.Uniform;
    }

    /** Whether any transfer between stages takes time. */
    boolean hasLinks() {
        for (int cut = 1; cut < units(); cut++) {
            if (slowestLink(cut) > 0) {
                return true;
            }
        }
        return false;
    }

    /** The shortest that a transfer over the cut before unit {@code cut} takes between any two workers. */
    long fastestLink(int cut) {
        return fastest.nanos(request.units().get(cut - 1).boundaryBytes());
    }

    /** The longest that a transfer over the cut before unit {@code cut} takes between any two workers. */
    long slowestLink(int cut) {
        return slowest.nanos(request.units().get(cut - 1).boundaryBytes());
    }

    /** Whether memory can ever bind on the worker: it could not hold the whole model with all in flight. */
    boolean hasMemoryLimit(int worker) {
        return limited[worker];
    }

    /** Whether memory can ever bind on any worker. */
    boolean hasMemoryLimits() {
        for (boolean binds : limited) {
            if (binds) {
                return true;
            }
        }
        return false;
    }

    /** The first worker that computes as fast and holds as much as this one; links are not compared. */
    int representative(int worker) {
        return representative[worker];
    }

    /** Whether the worker is not among the used, a bit each, and of those equal to it the first that is not. */
    boolean isNext(int used, int worker) {
        if ((used >> worker & 1) == 1) {
            return false;
        }
        for (int earlier = representative(worker); earlier < worker; earlier++) {
            if ((used >> earlier & 1) == 0 && representative(earlier) == representative(worker)) {
                return false;
            }
        }
        return true;
    }

    private int[] representatives() {
        record Kind(Prefix times, long usable, int pinned) {}
        Map<Kind, Integer> firsts = new HashMap<>();
        int[] firstOf = new int[workers()];
        for (int worker = 0; worker < firstOf.length; worker++) {
            Kind kind = new Kind(
                    times[worker], limited[worker] ? usable[worker] : Long.MAX_VALUE, pins.has(worker) ? worker : -1);
            Integer known = firsts.putIfAbsent(kind, worker);
            firstOf[worker] = known == null ? worker : known;
        }
        return firstOf;
    }

    private static Link extremeLink(Cluster cluster, BinaryOperator<Link> choice) {
        if (cluster.network() instanceof Network.Uniform uniform) {
            return uniform.link();
        }
        Link extreme = cluster.link(0, Math.min(1, cluster.size() - 1));
        for (int from = 0; from < cluster.size(); from++) {
            for (int to = 0; to < cluster.size(); to++) {
                extreme = from == to ? extreme : choice.apply(extreme, cluster.link(from, to));
            }
        }
        return extreme;
    }

    private Prefix prefixOf(WorkerProfile worker) {
        Prefix prefix = new Prefix(units());
        for (int i = 0; i < units(); i++) {
            UnitProfile unit = request.units().get(i);
            double slowness = worker.slownessOf(unit);
            prefix.forward[i + 1] = prefix.forward[i] + Math.round(unit.forwardNanos() * slowness);
            prefix.backward[i + 1] = prefix.backward[i] + Math.round(unit.backwardNanos() * slowness);
            prefix.update[i + 1] = prefix.update[i] + Math.round(unit.updateNanos() * slowness);
        }
        return prefix;
    }

    private static long usableBytes(WorkerProfile worker, PlanOptions options) {
        if (!worker.hasMemoryLimit()) {
            return Long.MAX_VALUE;
        }
        return (long) Math.floor(worker.memoryBytes() * (1 - options.headRoom())) - options.scratchBytes();
    }
}
