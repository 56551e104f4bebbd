package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules that every allocation keeps: its stages cover all units in order without a gap, each worker exists and
 * holds one stage, every stage fits its worker's memory with the micro-batches it keeps in flight, and holds no unit that is pinned
 * elsewhere.
 */
public final class PlanValidator {

    private PlanValidator() {}

    /** What is wrong with the allocation, a sentence each; empty if it is valid. */
    public static List<String> validate(PlanRequest request, Allocation allocation) {
        CostModel costs = new CostModel(request.scaledTo(allocation.microBatches()));
        List<String> violations = structure(costs, allocation.stages());
        if (violations.isEmpty()) {
            violations.addAll(memory(costs, allocation.stages(), allocation.inFlightLimits()));
        }
        return List.copyOf(violations);
    }

    /** As {@link #validate(PlanRequest, Allocation)}, with the fewest micro-batches in flight the schedule needs. */
    public static List<String> validate(PlanRequest request, List<StagePlan> stages) {
        return List.copyOf(violations(new CostModel(request), stages));
    }

    static void requireValid(CostModel costs, List<StagePlan> stages) {
        List<String> violations = violations(costs, stages);
        if (!violations.isEmpty()) {
            throw new InfeasiblePlanException(violations.get(0));
        }
    }

    private static List<String> violations(CostModel costs, List<StagePlan> stages) {
        List<String> violations = structure(costs, stages);
        if (violations.isEmpty()) {
            violations.addAll(memory(costs, stages, leastInFlight(costs, stages.size())));
        }
        return violations;
    }

    private static List<String> structure(CostModel costs, List<StagePlan> stages) {
        List<String> violations = new ArrayList<>();
        Map<Integer, Integer> stageOfWorker = new HashMap<>();
        int next = 0;
        for (int i = 0; i < stages.size(); i++) {
            StagePlan stage = stages.get(i);
            if (stage.firstUnit() != next) {
                violations.add("stage " + i + " starts at unit " + stage.firstUnit() + ", unit " + next + " is next");
            }
            next = stage.endUnit();
            if (stage.worker() >= costs.workers()) {
                violations.add("stage " + i + " is on worker " + stage.worker() + ", the cluster has " + costs.workers()
                        + " workers, numbered from 0");
                continue;
            }
            Integer other = stageOfWorker.putIfAbsent(stage.worker(), i);
            if (other != null) {
                violations.add("stages " + other + " and " + i + " are both on worker " + name(costs, stage));
            }
        }
        if (next != costs.units()) {
            violations.add("the stages end at unit " + next + ", the model has " + costs.units() + " units");
        }
        return violations;
    }

    private static List<String> memory(CostModel costs, List<StagePlan> stages, List<Integer> inFlight) {
        List<String> violations = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            StagePlan stage = stages.get(i);
            if (!costs.pinsAllow(stage.worker(), stage.firstUnit(), stage.endUnit())) {
                violations.add("stage " + i + " on worker " + name(costs, stage)
                        + " holds units that are pinned to another worker");
            } else if (!costs.fits(stage.worker(), stage.firstUnit(), stage.endUnit(), inFlight.get(i))) {
                long needed = costs.bytes(stage.firstUnit(), stage.endUnit(), inFlight.get(i));
                violations.add("stage " + i + " needs " + Bytes.text(needed) + ", worker " + name(costs, stage)
                        + " has " + Bytes.text(Math.max(0, costs.usableBytes(stage.worker())))
                        + ": add a worker or raise microBatches");
            }
        }
        return violations;
    }

    private static List<Integer> leastInFlight(CostModel costs, int stages) {
        List<Integer> inFlight = new ArrayList<>();
        for (int i = 0; i < stages; i++) {
            inFlight.add(costs.leastInFlight(stages - i));
        }
        return inFlight;
    }

    private static String name(CostModel costs, StagePlan stage) {
        return costs.request().cluster().worker(stage.worker()).name();
    }
}
