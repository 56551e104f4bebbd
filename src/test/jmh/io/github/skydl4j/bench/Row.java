package io.github.skydl4j.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a result. Immutable.
 *
 * @param boundMillis what cannot be beaten, beside what was measured
 * @param reductionAgainstEven by which share the step is shorter than the even split's, 0 to 1; null where none was run
 * @param details further columns by name, in order; numbers, texts and nulls
 */
record Row(
        String name,
        double samplesPerSecond,
        double stepMillis,
        double boundMillis,
        @Nullable Double reductionAgainstEven,
        Map<String, @Nullable Object> details) {
    Row {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    Row(String name, double samplesPerSecond, double stepMillis, double boundMillis) {
        this(name, samplesPerSecond, stepMillis, boundMillis, null, Map.of());
    }

    /** How many times the bound was measured. */
    double overBound() {
        return stepMillis / boundMillis;
    }

    Row with(String detail, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(details);
        more.put(detail, value);
        return new Row(name, samplesPerSecond, stepMillis, boundMillis, reductionAgainstEven, more);
    }

    Row withReduction(double share) {
        return new Row(name, samplesPerSecond, stepMillis, boundMillis, share, details);
    }
}
