package io.github.skydl4j.tune;

import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StepTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Candidates that are not meant to be fast, but to measure workers which no run has used yet: all of them in one
 * pipeline, each with work in proportion to what is believed of its speed; where that does not fit, each in the place of
 * another worker of a plan that does. And candidates that find out which worker is lost.
 */
final class Survey {

    private Survey() {}

    static List<TrialPlan> of(PlanRequest request, TrialPlan plan, Set<Integer> measured) {
        List<Integer> unknown = IntStream.range(0, request.cluster().size())
                .filter(worker -> !measured.contains(worker))
                .boxed()
                .toList();
        List<TrialPlan> survey = new ArrayList<>();
        for (int first = 0; first < unknown.size(); first += request.units().size()) {
            List<Integer> group = unknown.subList(
                    first, Math.min(unknown.size(), first + request.units().size()));
            together(request, plan, group)
                    .ifPresentOrElse(
                            survey::add,
                            () -> group.forEach(
                                    worker -> instead(request, plan, worker).ifPresent(survey::add)));
        }
        return survey;
    }

    /** The plan without one of its workers, for each of them: which one is it that fails? */
    static List<TrialPlan> without(PlanRequest request, TrialPlan plan) {
        List<TrialPlan> survey = new ArrayList<>();
        for (int worker : plan.workers()) {
            StageOrder order = StageOrder.of(plan);
            order.toggle(worker, 0);
            fitting(request, order, plan)
                    .filter(smaller -> !smaller.workers().contains(worker))
                    .ifPresent(survey::add);
        }
        return survey;
    }

    private static Optional<TrialPlan> together(PlanRequest request, TrialPlan plan, List<Integer> workers) {
        StageOrder order = StageOrder.proportional(request, workers);
        return fitting(request, order, plan);
    }

    private static Optional<TrialPlan> instead(PlanRequest request, TrialPlan plan, int worker) {
        for (int stage = 0; stage < plan.workers().size(); stage++) {
            StageOrder order = StageOrder.of(plan);
            order.host(stage, worker);
            Optional<TrialPlan> fitting = fitting(request, order, plan);
            if (fitting.isPresent()) {
                return fitting;
            }
        }
        return Optional.empty();
    }

    private static Optional<TrialPlan> fitting(PlanRequest request, StageOrder order, TrialPlan like) {
        try {
            List<Integer> inFlight = StepTimes.inFlightLimits(like.requestFrom(request), order.stages(), 1);
            TrialPlan plan = new TrialPlan(
                    order.workers(), order.ends(), like.microBatches(), like.schedule(), inFlight, like.recompute(), 0);
            new Forecast(request, request).stepNanos(plan);
            return Optional.of(plan);
        } catch (InfeasiblePlanException e) {
            return Optional.empty();
        }
    }
}
