package io.github.skydl4j.profile;

import io.github.skydl4j.plan.PlanOptions;
import io.github.skydl4j.plan.UnitProfile;
import java.util.List;

/**
 * What the units of a model cost, in their order. Immutable.
 *
 * @param scratchBytes what every stage needs besides its units' own memory
 */
public record ModelCosts(List<UnitProfile> units, long scratchBytes) {
    /** Copies the list. */
    public ModelCosts {
        units = List.copyOf(units);
        if (scratchBytes < 0) {
            throw new IllegalArgumentException("scratchBytes is " + scratchBytes + ", below 0");
        }
    }

    /** The options with this model's scratch. */
    public PlanOptions options(PlanOptions options) {
        return options.withScratchBytes(scratchBytes);
    }
}
