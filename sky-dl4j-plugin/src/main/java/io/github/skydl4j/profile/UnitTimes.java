package io.github.skydl4j.profile;

import io.github.skydl4j.graph.UnitObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Collects the time of every unit, from the end of the unit before it, and of whole passes. What a stage does around its
 * units is shared out among them. Confined to the profiling thread.
 */
final class UnitTimes implements UnitObserver {
    private final Map<String, Samples> forward = new LinkedHashMap<>();
    private final Map<String, Samples> backward = new LinkedHashMap<>();
    private final Samples forwardPasses = new Samples();
    private final Samples backwardPasses = new Samples();
    private long start;
    private long last;
    private @Nullable Samples firstBackward;

    UnitTimes(List<String> units) {
        for (String unit : units) {
            forward.put(unit, new Samples());
            backward.put(unit, new Samples());
        }
    }

    void startForward() {
        start = CpuClock.nanos();
    }

    void endForward() {
        forwardPasses.add(CpuClock.nanos() - start);
    }

    void startBackward() {
        start = CpuClock.nanos();
        firstBackward = null;
    }

    /** Counts the loss to the backward of the unit where the backward began. */
    void lossDone() {
        if (firstBackward != null) {
            firstBackward.addToLast(lap());
        }
    }

    void endBackward() {
        backwardPasses.add(CpuClock.nanos() - start);
    }

    void forget() {
        forward.values().forEach(Samples::clear);
        backward.values().forEach(Samples::clear);
        forwardPasses.clear();
        backwardPasses.clear();
    }

    @Override
    public void passBegun() {
        last = CpuClock.nanos();
    }

    @Override
    public void forwardDone(String unit, INDArray output) {
        of(forward, unit).add(lap());
    }

    @Override
    public void backwardDone(String unit) {
        Samples samples = of(backward, unit);
        samples.add(lap());
        if (firstBackward == null) {
            firstBackward = samples;
        }
    }

    /** The unit's own forward and its share of what is around the units. */
    long forwardNanos(String unit) {
        return of(forward, unit).median() + around(forwardPasses, forward);
    }

    long backwardNanos(String unit) {
        return of(backward, unit).median() + around(backwardPasses, backward);
    }

    private static long around(Samples passes, Map<String, Samples> units) {
        long inUnits = units.values().stream().mapToLong(Samples::median).sum();
        return Math.max(0, passes.median() - inUnits) / units.size();
    }

    private long lap() {
        long now = CpuClock.nanos();
        long taken = now - last;
        last = now;
        return taken;
    }

    private static Samples of(Map<String, Samples> samples, String unit) {
        return Objects.requireNonNull(samples.get(unit), unit);
    }
}
