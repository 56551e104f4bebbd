package io.github.skydl4j.tune;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.InMemoryResultSaver;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;

/** Keeps simulated candidates in memory. Confined to one search. */
final class SimulatedPool extends InMemoryResultSaver {
    private final Map<TrialPlan, Double> stepNanos = new HashMap<>();
    private final List<TrialPlan> order = new ArrayList<>();

    @Override
    public ResultReference saveModel(OptimizationResult result, Object model) throws IOException {
        Double found = result.getScore();
        if (found != null && stepNanos.put((TrialPlan) model, found) == null) {
            order.add((TrialPlan) model);
        }
        return super.saveModel(result, model);
    }

    /** Those that fit, the fastest first; of two equal ones that which came first. */
    List<TrialPlan> fastestFirst() {
        return order.stream()
                .sorted(Comparator.comparingDouble(plan -> stepNanos.getOrDefault(plan, Double.POSITIVE_INFINITY)))
                .toList();
    }
}
