package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The rules that every allocation keeps: its stages cover all units in order without a gap, each worker exists and
 * holds one stage, but for an owner of both ends, who holds the first and the last; every worker's stages fit its memory
 * with the micro-batches they keep in flight, and no stage holds a unit that is pinned elsewhere.
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
            if (other != null && !(Ends.areShared(stages) && isEnd(costs, stages, i, other))) {
                violations.add("stages " + other + " and " + i + " are both on worker " + name(costs, stage));
            }
        }
        if (next != costs.units()) {
            violations.add("the stages end at unit " + next + ", the model has " + costs.units() + " units");
        }
        if (violations.isEmpty() && !Ends.belongToOwner(costs, stages)) {
            violations.add("the first and the last stage are not both on their owner, worker "
                    + costs.request().cluster().worker(costs.owner().getAsInt()).name());
        }
        return violations;
    }

    private static boolean isEnd(CostModel costs, List<StagePlan> stages, int stage, int other) {
        return stage == stages.size() - 1
                && other == 0
                && stages.size() > 2
                && costs.owner().equals(OptionalInt.of(stages.get(stage).worker()));
    }

    private static List<String> memory(CostModel costs, List<StagePlan> stages, List<Integer> inFlight) {
        List<String> violations = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            StagePlan stage = stages.get(i);
            if (!costs.pinsAllow(stage.worker(), stage.firstUnit(), stage.endUnit())) {
                violations.add("stage " + i + " on worker " + name(costs, stage)
                        + " holds units that are pinned to another worker");
            }
            long needed = Ends.bytesWithTwin(costs, stages, inFlight, i);
            if (needed > costs.usableBytes(stage.worker())) {
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
