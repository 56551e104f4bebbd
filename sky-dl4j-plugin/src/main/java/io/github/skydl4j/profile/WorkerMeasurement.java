package io.github.skydl4j.profile;

import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.plan.WorkerProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one worker can do, measured on the model's own units: plain data, to be sent to whoever plans. Immutable.
 *
 * @param slowness time here over time where the reference was measured, over all units
 * @param slownessOfKind the same for each kind of unit, by {@link UnitProfile#kind()}
 */
public record WorkerMeasurement(
        Machine machine, FreeMemory memory, double slowness, Map<String, Double> slownessOfKind) {
    /** Copies the map. */
    public WorkerMeasurement {
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(memory, "memory");
        slownessOfKind = Map.copyOf(slownessOfKind);
    }

    /**
     * Compares units measured on this machine with the same units measured on the reference.
     *
     * @throws IllegalArgumentException if the two are not the same units
     */
    static WorkerMeasurement here(List<UnitProfile> here, List<UnitProfile> reference) {
        if (!names(here).equals(names(reference))) {
            throw new IllegalArgumentException(
                    "the units measured here are " + names(here) + ", those of the reference " + names(reference));
        }
        Map<String, Double> ofKind = new HashMap<>();
        Map<String, Long> timeHere = timeByKind(here);
        Map<String, Long> timeThere = timeByKind(reference);
        timeThere.forEach((kind, nanos) -> {
            long own = timeHere.getOrDefault(kind, 0L);
            if (nanos > 0 && own > 0) {
                ofKind.put(kind, (double) own / nanos);
            }
        });
        double all = (double) sum(timeHere) / Math.max(1, sum(timeThere));
        return new WorkerMeasurement(Machine.here(), FreeMemory.here(), all, ofKind);
    }

    /** The worker as planners see it. */
    public WorkerProfile profile(String name) {
        return new WorkerProfile(name, slowness, slownessOfKind, memory.stageBytes());
    }

    /** The same worker as one whose thread idles: for experiments on one machine. */
    public WorkerMeasurement stretched(double factor) {
        Map<String, Double> stretched = new HashMap<>();
        slownessOfKind.forEach((kind, value) -> stretched.put(kind, value * factor));
        return new WorkerMeasurement(machine, memory, slowness * factor, stretched);
    }

    private static Map<String, Long> timeByKind(List<UnitProfile> units) {
        Map<String, Long> times = new HashMap<>();
        units.forEach(unit -> times.merge(unit.kind(), unit.forwardNanos() + unit.backwardNanos(), Long::sum));
        return times;
    }

    private static long sum(Map<String, Long> times) {
        return times.values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<String> names(List<UnitProfile> units) {
        return units.stream().map(UnitProfile::name).toList();
    }
}
