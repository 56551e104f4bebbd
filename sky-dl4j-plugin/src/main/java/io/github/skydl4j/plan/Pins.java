package io.github.skydl4j.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers in O(1) whether a run of units is free of those pinned to other workers. Immutable. */
final class Pins {

    private final int[] all;
    private final Map<Integer, int[]> own = new HashMap<>();

    /**
     * The pins on so many units and workers.
     *
     * @throws IllegalArgumentException if a pin names a unit or worker that does not exist, or two workers one unit
     */
    Pins(List<Pin> pins, int units, int workers) {
        int[] pinnedTo = new int[units];
        for (Pin pin : pins) {
            if (pin.worker() >= workers || pin.endUnit() > units) {
                throw new IllegalArgumentException(
                        pin + ", but there are " + units + " units and " + workers + " workers, numbered from 0");
            }
            for (int unit = pin.firstUnit(); unit < pin.endUnit(); unit++) {
                if (pinnedTo[unit] > 0 && pinnedTo[unit] != pin.worker() + 1) {
                    throw new IllegalArgumentException("unit " + unit + " is pinned to worker " + (pinnedTo[unit] - 1)
                            + " and to worker " + pin.worker());
                }
                pinnedTo[unit] = pin.worker() + 1;
            }
        }
        this.all = new int[units + 1];
        for (Pin pin : pins) {
            own.put(pin.worker(), new int[units + 1]);
        }
        for (int unit = 0; unit < units; unit++) {
            count(unit, pinnedTo[unit] - 1);
        }
    }

    /** Whether anything is pinned to the worker. */
    boolean has(int worker) {
        return own.containsKey(worker);
    }

    /** Whether the worker may hold the units as far as pins go. */
    boolean allow(int worker, int first, int end) {
        int pinned = all[end] - all[first];
        if (pinned == 0) {
            return true;
        }
        int[] mine = own.get(worker);
        return mine != null && mine[end] - mine[first] == pinned;
    }

    private void count(int unit, int worker) {
        all[unit + 1] = all[unit] + (worker >= 0 ? 1 : 0);
        own.forEach((owner, sums) -> sums[unit + 1] = sums[unit] + (owner == worker ? 1 : 0));
    }
}
