package io.github.skydl4j.tune;

import io.github.skydl4j.plan.PlanRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The search: the plan runs first, then what measures the workers that it leaves out, and where both fail the plan without
 * each of its workers; then round by round many candidates
 * are simulated with what the runs so far have told of speeds and links, and the best few run; in the end the best of all
 * and the plan run again in turns. Used once, by one thread.
 */
final class TwoStepSearch {
    /** Candidates that run between two looks at what the runs have told. */
    private static final int RUNS_A_ROUND = 4;
    /** How many of the best run again in the end. */
    private static final int FINALISTS = 3;
    /** A gain that does not shorten the step by as much is none. */
    private static final double WORTH = 0.995;
    /** The share of the time left that a round of simulated candidates may take. */
    private static final int SIMULATION_SHARE = 10;

    private final PlanRequest believed;
    private final Revisions revisions;
    private final TrialPlan plan;
    private final TuningOptions options;
    private final TrialBook book;
    private final Deadline deadline;
    private final TuningListener listener;
    private final Proposals proposals;
    private String reason = "";

    TwoStepSearch(
            Revisions revisions, TuningOptions options, TrialBook book, Deadline deadline, TuningListener listener) {
        this.believed = revisions.believed();
        this.revisions = revisions;
        this.plan = TrialPlan.of(options.planner().plan(believed), believed.schedule(), options.recompute());
        this.options = options;
        this.book = book;
        this.deadline = deadline;
        this.listener = listener;
        this.proposals = new Proposals(plan, options);
    }

    TuningResult run() {
        measure(List.of(plan));
        Set<Integer> planned = new HashSet<>(plan.workers());
        measure(fresh(Survey.of(believed, plan, planned)));
        if (book.measured().isEmpty()) {
            measure(fresh(Survey.without(believed, plan)));
        }
        int patience = options.patience();
        while (goesOn(patience)) {
            long before = fastest();
            List<TrialPlan> next = next();
            if (next.isEmpty()) {
                reason = "nothing is left to try";
                break;
            }
            measure(next);
            patience = fastest() < before * WORTH ? options.patience() : patience - next.size();
        }
        return result(runAgain());
    }

    private boolean goesOn(int patience) {
        if (book.tried() >= options.candidates()) {
            reason = "as many candidates have run as were asked for";
        } else if (isTimeUp()) {
            reason = "the time is up";
        } else if (patience <= 0) {
            reason = "the last " + options.patience() + " candidates were not better";
        }
        return reason.isEmpty();
    }

    private List<TrialPlan> next() {
        Calibration calibration = calibration().without(book.suspects());
        int revision = revisions.add(calibration.request());
        List<TrialPlan> promising =
                fresh(proposals.from(calibration, revision, deadline.leftNanos() / SIMULATION_SHARE));
        listener.simulated(proposals.simulated());
        int room = Math.min(RUNS_A_ROUND, options.candidates() - book.tried());
        return promising.subList(0, Math.min(room, promising.size()));
    }

    private List<TrialPlan> fresh(List<TrialPlan> plans) {
        int room = options.candidates() - book.tried();
        Set<Integer> suspects = book.suspects();
        return plans.stream()
                .filter(next -> !book.knows(next))
                .filter(next -> next.workers().stream().noneMatch(suspects::contains))
                .limit(room)
                .toList();
    }

    private void measure(List<TrialPlan> plans) {
        if (plans.isEmpty()) {
            return;
        }
        long limit = Math.max(1, deadline.leftNanos() - reserveNanos());
        new ArbiterSearch(
                        new GivenCandidates(plans),
                        new MeasuredStepScore(book, listener),
                        book,
                        plans.size(),
                        plans.size())
                .run(limit, List.of(new ProgressTeller(listener, book)));
    }

    /** Turn by turn, so that what changes with time changes all of them. */
    private Turns runAgain() {
        List<TrialPlan> finalists = new ArrayList<>(
                ranking().stream().limit(FINALISTS).map(TrialResult::plan).toList());
        if (book.measured().containsKey(plan) && !finalists.contains(plan)) {
            finalists.add(plan);
        }
        List<Map<TrialPlan, Long>> turns = new ArrayList<>();
        for (int repeat = 0; repeat < options.repeats() && finalists.size() > 1; repeat++) {
            Map<TrialPlan, Long> turn = new HashMap<>();
            for (TrialPlan finalist : finalists) {
                if (deadline.leftNanos() > book.typicalNanos()) {
                    measureOnceMore(finalist).ifPresent(run -> turn.put(finalist, run.stepNanos()));
                }
            }
            turns.add(turn);
        }
        return new Turns(plan, turns);
    }

    /** Empty where the run fails. */
    private Optional<Measurement> measureOnceMore(TrialPlan finalist) {
        int before = book.runs(finalist).size();
        new ArbiterSearch(new GivenCandidates(List.of(finalist)), new MeasuredStepScore(book, listener), book, 1, 1)
                .run(Math.max(1, deadline.leftNanos()), List.of(new ProgressTeller(listener, book)));
        List<Measurement> runs = book.runs(finalist);
        return runs.size() > before ? Optional.of(runs.get(runs.size() - 1)) : Optional.empty();
    }

    private boolean isTimeUp() {
        return deadline.leftNanos() <= reserveNanos() + book.typicalNanos();
    }

    /** What the runs at the end will take. */
    private long reserveNanos() {
        long wanted = book.typicalNanos() * options.repeats() * (FINALISTS + 1);
        return Math.min(wanted, options.budget().toNanos() / 2);
    }

    private TuningResult result(Turns turns) {
        List<TrialResult> ranking = ranking();
        if (ranking.isEmpty()) {
            throw new IllegalStateException("no candidate could run; the plan: "
                    + book.failed().getOrDefault(plan, "there was no time for it"));
        }
        Optional<TrialResult> start =
                ranking.stream().filter(result -> result.plan().equals(plan)).findFirst();
        double noise = turns.spread().orElseGet(() -> Noise.of(book.measured().values()));
        TrialResult best = best(ranking, start, turns, noise);
        return new TuningResult(
                start,
                best,
                revisions.request(best.plan()),
                turns,
                ranking,
                book.failed(),
                noise,
                proposals.simulated(),
                book.recalls(),
                calibration().request(),
                reason);
    }

    /** What is faster than the plan in their common turns by more than the noise; else the plan. */
    private static TrialResult best(List<TrialResult> ranking, Optional<TrialResult> start, Turns turns, double noise) {
        Comparator<TrialResult> byRatio =
                Comparator.comparingDouble(result -> turns.ratio(result.plan()).orElse(Double.POSITIVE_INFINITY));
        TrialResult ahead = ranking.stream().min(byRatio).orElseThrow();
        if (start.isEmpty() || turns.ratio(ahead.plan()).isEmpty()) {
            return bestWithoutTurns(ranking, start, noise);
        }
        return turns.ratio(ahead.plan()).getAsDouble() < 1 - noise ? ahead : start.get();
    }

    /** Among those that ran most often, since a single run may have been lucky. */
    private static TrialResult bestWithoutTurns(List<TrialResult> ranking, Optional<TrialResult> start, double noise) {
        int most =
                ranking.stream().mapToInt(result -> result.runs().size()).max().orElse(1);
        TrialResult fastest = ranking.stream()
                .filter(result -> result.runs().size() == most)
                .findFirst()
                .orElse(ranking.get(0));
        return start.filter(result -> fastest.stepNanos() > result.stepNanos() * (1 - noise))
                .orElse(fastest);
    }

    private long fastest() {
        return ranking().stream().mapToLong(TrialResult::stepNanos).min().orElse(Long.MAX_VALUE);
    }

    private List<TrialResult> ranking() {
        return results(calibration().request()).stream()
                .sorted(Comparator.comparingLong(TrialResult::stepNanos))
                .toList();
    }

    private Calibration calibration() {
        List<TrialResult> runs = new ArrayList<>();
        book.measured().forEach((candidate, measured) -> runs.add(new TrialResult(candidate, measured, 0)));
        return Calibration.of(believed, runs);
    }

    private List<TrialResult> results(PlanRequest measured) {
        List<TrialResult> results = new ArrayList<>();
        for (Map.Entry<TrialPlan, List<Measurement>> entry : book.measured().entrySet()) {
            Forecast forecast = new Forecast(revisions.request(entry.getKey()), measured);
            results.add(new TrialResult(entry.getKey(), entry.getValue(), forecast.stepNanos(entry.getKey())));
        }
        return results;
    }
}
