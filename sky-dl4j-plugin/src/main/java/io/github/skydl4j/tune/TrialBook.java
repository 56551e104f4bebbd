package io.github.skydl4j.tune;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;

/**
 * All runs of a search and how they ended: does them, or recalls them from the journal, and saves the new ones there. One
 * thread at a time; {@link #run} and {@link #saveModel} take turns, as Arbiter's tasks do.
 */
final class TrialBook implements ResultSaver {
    private static final int FAILURES_OF_A_SUSPECT = 2;

    private final Trial trial;
    private final TuningJournal journal;
    private final Revisions revisions;
    private final Duration longestRun;
    private final Deadline deadline;
    private final Map<TrialPlan, List<Measurement>> measured = new LinkedHashMap<>();
    private final Map<TrialPlan, String> failed = new LinkedHashMap<>();
    private final Set<TrialPlan> known = new HashSet<>();
    private Optional<Measurement> last = Optional.empty();
    private boolean recalled;
    private int recalls;
    private final List<Long> runNanos = new ArrayList<>();

    TrialBook(Trial trial, TuningJournal journal, Revisions revisions, Duration longestRun, Deadline deadline) {
        this.trial = trial;
        this.journal = journal;
        this.revisions = revisions;
        this.longestRun = longestRun;
        this.deadline = deadline;
    }

    /** A run of the plan; throws where the plan cannot run, or could not when it was tried before. */
    Measurement run(TrialPlan plan) {
        last = Optional.empty();
        Optional<TuningJournal.Outcome> known = journal.recall(plan);
        recalled = known.isPresent();
        Measurement measurement = known.map(outcome -> recall(outcome)).orElseGet(() -> start(plan));
        last = Optional.of(measurement);
        return measurement;
    }

    /** Keeps how the last run ended. */
    @Override
    public ResultReference saveModel(OptimizationResult result, Object model) {
        TrialPlan plan = (TrialPlan) model;
        known.add(plan.withRevision(Math.min(1, plan.revision())));
        if (last.isPresent()) {
            measured.computeIfAbsent(plan, key -> new ArrayList<>()).add(last.get());
            keep(plan, new TuningJournal.Outcome.Measured(last.get()));
        } else {
            String cause = String.valueOf(result.getCandidateInfo().getExceptionStackTrace());
            failed.put(plan, cause);
            keep(plan, new TuningJournal.Outcome.Failed(cause));
        }
        return new Reference(result, plan);
    }

    @Override
    public List<Class<?>> getSupportedCandidateTypes() {
        return List.of(TrialPlan.class);
    }

    @Override
    public List<Class<?>> getSupportedModelTypes() {
        return List.of(TrialPlan.class);
    }

    /** Whether the plan has run, in whatever order was made from measured speeds and links, or in the believed one. */
    boolean knows(TrialPlan plan) {
        return known.contains(plan.withRevision(Math.min(1, plan.revision())));
    }

    /** Workers that were in several runs and all of these failed: they may be lost. None as long as all runs fail. */
    Set<Integer> suspects() {
        if (measured.isEmpty()) {
            return Set.of();
        }
        Map<Integer, Integer> failures = new HashMap<>();
        failed.keySet().forEach(plan -> plan.workers().forEach(worker -> failures.merge(worker, 1, Integer::sum)));
        measured.keySet().forEach(plan -> plan.workers().forEach(failures::remove));
        failures.values().removeIf(number -> number < FAILURES_OF_A_SUSPECT);
        return failures.keySet();
    }

    /** Candidates tried, failed ones included. */
    int tried() {
        return known.size();
    }

    /** Runs that the journal remembered. */
    int recalls() {
        return recalls;
    }

    /** What a run takes, of those that were not recalled; 0 if there was none. */
    long typicalNanos() {
        return runNanos.isEmpty() ? 0 : Medians.of(runNanos);
    }

    Map<TrialPlan, List<Measurement>> measured() {
        return measured;
    }

    /** Those of one plan so far. */
    List<Measurement> runs(TrialPlan plan) {
        return List.copyOf(measured.getOrDefault(plan, List.of()));
    }

    Map<TrialPlan, String> failed() {
        return failed;
    }

    private Measurement recall(TuningJournal.Outcome outcome) {
        recalls++;
        if (outcome instanceof TuningJournal.Outcome.Measured measuredBefore) {
            return measuredBefore.measurement();
        }
        throw new IllegalStateException(((TuningJournal.Outcome.Failed) outcome).cause());
    }

    private Measurement start(TrialPlan plan) {
        journal.started(plan);
        long before = deadline.leftNanos();
        try {
            return trial.run(plan, revisions.request(plan), Duration.ofNanos(Math.min(longestRun.toNanos(), before)));
        } finally {
            runNanos.add(before - deadline.leftNanos());
        }
    }

    private void keep(TrialPlan plan, TuningJournal.Outcome outcome) {
        if (!recalled) {
            journal.ended(plan, outcome);
        }
    }

    private record Reference(OptimizationResult result, TrialPlan plan) implements ResultReference {
        @Override
        public OptimizationResult getResult() {
            return result;
        }

        @Override
        public Object getResultModel() {
            return plan;
        }
    }
}
