package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Units as they cost under given stages that compute activations again: backward includes a second forward; a
 * micro-batch in flight holds what came into its stage, and the stage holds one set of activations besides.
 */
final class RecomputedUnits {

    private RecomputedUnits() {}

    static PlanRequest of(PlanRequest request, List<StagePlan> stages) {
        List<UnitProfile> units = new ArrayList<>();
        for (StagePlan stage : stages) {
            for (int unit = stage.firstUnit();
                    unit < stage.endUnit() && unit < request.units().size();
                    unit++) {
                units.add(recomputed(request.units(), unit, unit == stage.firstUnit()));
            }
        }
        // Stages that do not cover the units are the validator's to refuse.
        return units.size() == request.units().size()
                ? new PlanRequest(
                        units, request.cluster(), request.microBatches(), request.schedule(), request.options())
                : request;
    }

    private static UnitProfile recomputed(List<UnitProfile> units, int unit, boolean first) {
        UnitProfile profile = units.get(unit);
        long received = first && unit > 0 ? units.get(unit - 1).boundaryBytes() : 0;
        return new UnitProfile(
                profile.name(),
                profile.kind(),
                profile.forwardNanos(),
                profile.forwardNanos() + profile.backwardNanos(),
                profile.updateNanos(),
                profile.parameterBytes(),
                profile.stateBytes() + profile.activationBytes(),
                received,
                profile.boundaryBytes());
    }
}
