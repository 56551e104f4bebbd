package io.github.skydl4j.profile;

import io.github.skydl4j.graph.UnitObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Collects the times between a unit and the one before it. Confined to the profiling thread. */
final class UnitTimes implements UnitObserver {
    private final Map<String, Samples> forward = new LinkedHashMap<>();
    private final Map<String, Samples> backward = new LinkedHashMap<>();
    private final Map<String, Long> outputBytes = new LinkedHashMap<>();
    private long last;
    private @Nullable Samples firstBackward;

    UnitTimes(List<String> units) {
        for (String unit : units) {
            forward.put(unit, new Samples());
            backward.put(unit, new Samples());
        }
    }

    void startPass() {
        last = CpuClock.nanos();
        firstBackward = null;
    }

    /** Counts the loss to the backward of the unit where the backward began. */
    void lossDone() {
        if (firstBackward != null) {
            firstBackward.addToLast(lap());
        }
    }

    void forget() {
        forward.values().forEach(Samples::clear);
        backward.values().forEach(Samples::clear);
    }

    @Override
    public void forwardDone(String unit, INDArray output) {
        of(forward, unit).add(lap());
        outputBytes.put(unit, output.length() * output.dataType().width());
    }

    @Override
    public void backwardDone(String unit) {
        Samples samples = of(backward, unit);
        samples.add(lap());
        if (firstBackward == null) {
            firstBackward = samples;
        }
    }

    long forwardNanos(String unit) {
        return of(forward, unit).median();
    }

    long backwardNanos(String unit) {
        return of(backward, unit).median();
    }

    long outputBytes(String unit) {
        return outputBytes.getOrDefault(unit, 0L);
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
