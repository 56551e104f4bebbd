package io.github.skydl4j.cli;

import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.tune.PlanDifference;
import io.github.skydl4j.tune.TrialPlan;
import io.github.skydl4j.tune.TrialResult;
import io.github.skydl4j.tune.TuningListener;
import io.github.skydl4j.tune.TuningResult;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Shows a search to the user of the command line, while it goes on and in the end. */
final class TuneText implements TuningListener {
    private static final int SHOWN = 10;
    private static final int SHOWN_FAILURES = 5;

    private final PrintStream out;
    private final List<String> names;
    private Optional<TrialPlan> plan = Optional.empty();
    private final Set<TrialPlan> seen = new HashSet<>();
    private long best = Long.MAX_VALUE;

    TuneText(PrintStream out, PlanRequest request) {
        this.out = out;
        this.names =
                request.cluster().workers().stream().map(WorkerProfile::name).toList();
    }

    /** The plan runs first. */
    @Override
    public void started(TrialPlan next) {
        if (plan.isEmpty()) {
            plan = Optional.of(next);
            say("Tune    the plan runs first, then what may be faster");
        }
    }

    @Override
    public void measured(TrialPlan candidate, long stepNanos, int tried) {
        String news = stepNanos < best ? "   best so far" : "";
        best = Math.min(best, stepNanos);
        String number = seen.add(candidate) ? String.valueOf(tried) : "again";
        say("  %5s   %9s   %s%s", number, millis(stepNanos), words(candidate), news);
    }

    @Override
    public void failed(TrialPlan candidate, String cause, int tried) {
        say("  %5d   %9s   %s: %s", tried, "failed", words(candidate), cause);
    }

    /** The best ten, what they change, what the best one gains. */
    void show(TuningResult result) {
        out.println();
        say(
                "Tuned   %d candidates ran, %d failed, %d were simulated%s; ended since %s",
                result.ranking().size(),
                result.failed().size(),
                result.simulated(),
                result.recalled() == 0 ? "" : ", " + result.recalled() + " runs were in the journal",
                result.reason());
        table(result).lines().forEach(out::println);
        result.failed().entrySet().stream()
                .limit(SHOWN_FAILURES)
                .forEach(failure -> say("  failed: %s: %s", words(failure.getKey()), failure.getValue()));
        if (result.plan().isPresent() && result.best().equals(result.plan().get())) {
            say("        the plan stays: nothing was faster by more than the noise of %s", percent(result.noise()));
        } else {
            say(
                    "        the best is %s faster than the plan; the noise of the runs is %s",
                    percent(result.gain()), percent(result.noise()));
        }
    }

    private Table table(TuningResult result) {
        Table table = new Table("", "step", "gain", "runs", "simulated", "against the plan");
        List<TrialResult> shown =
                new ArrayList<>(result.ranking().stream().limit(SHOWN).toList());
        result.plan().filter(start -> !shown.contains(start)).ifPresent(shown::add);
        for (TrialResult candidate : shown) {
            table.row(
                    candidate.equals(result.best()) ? "best" : "",
                    millis(candidate.stepNanos()),
                    String.format(Locale.ROOT, "%+.1f %%", result.gain(candidate) * 100),
                    candidate.runs().size(),
                    millis(candidate.simulatedNanos()),
                    words(candidate.plan()));
        }
        return table;
    }

    private String words(TrialPlan candidate) {
        List<String> differences = PlanDifference.of(candidate, plan.orElse(candidate), names);
        return differences.isEmpty() ? "the plan" : String.join(", ", differences);
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    private static String millis(long nanos) {
        return Durations.millis(nanos / 1e6);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
