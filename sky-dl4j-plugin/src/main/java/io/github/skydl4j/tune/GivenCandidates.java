package io.github.skydl4j.tune;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.BaseCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;

/** Candidates that are known beforehand, in their order. */
final class GivenCandidates extends BaseCandidateGenerator<TrialPlan> {
    private final Queue<TrialPlan> left;

    GivenCandidates(List<TrialPlan> plans) {
        super(space(plans), Map.of(), true);
        this.left = new ArrayDeque<>(plans);
    }

    @Override
    public boolean hasMoreCandidates() {
        return !left.isEmpty();
    }

    @Override
    public Candidate<TrialPlan> getCandidate() {
        return new Candidate<>(left.remove(), candidateCounter.getAndIncrement(), new double[0], Map.of(), null);
    }

    @Override
    public Class<?> getCandidateType() {
        return TrialPlan.class;
    }

    /** Arbiter wants one; nothing is drawn from it. */
    private static ParameterSpace<TrialPlan> space(List<TrialPlan> plans) {
        return new FixedValue<>(plans.get(0));
    }
}
