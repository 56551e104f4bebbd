package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;

/** What the stages of an allocation hold. */
public final class StageMemory {

    private StageMemory() {}

    /**
     * For every stage its parameters, gradients, updater state, and the activations of all micro-batches that it keeps
     * in flight.
     */
    public static List<Long> bytes(PlanRequest request, Allocation allocation) {
        CostModel costs = new CostModel(request.scaledTo(allocation.microBatches()));
        List<Long> bytes = new ArrayList<>();
        for (int i = 0; i < allocation.stages().size(); i++) {
            StagePlan stage = allocation.stages().get(i);
            bytes.add(costs.bytes(
                    stage.firstUnit(),
                    stage.endUnit(),
                    allocation.inFlightLimits().get(i)));
        }
        return List.copyOf(bytes);
    }

    /** Bytes for people, for example {@code 5.1 GiB}. */
    public static String text(long bytes) {
        return Bytes.text(bytes);
    }
}
