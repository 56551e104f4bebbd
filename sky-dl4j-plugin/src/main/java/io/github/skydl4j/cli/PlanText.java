package io.github.skydl4j.cli;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Simulator;
import io.github.skydl4j.plan.StageMemory;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.WireType;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Shows a plan to the user of the command line. */
final class PlanText {
    private static final int BAR = 20;
    private static final int MOST_NOTES = 8;
    private static final int MOST_STAGES_OF_A_CHART = 16;
    private static final int CHART = 100;

    private final PrintStream out;

    PlanText(PrintStream out) {
        this.out = out;
    }

    /** The allocation, what it promises, and all planners side by side. */
    void show(PlanComparison comparison) {
        Allocation chosen = comparison.chosen();
        int workers = comparison.request().cluster().size();
        say(
                "Plan    %d %s on %d %s, planner %s, schedule %s, %d micro-batches",
                chosen.stages().size(),
                chosen.stages().size() == 1 ? "stage" : "stages",
                workers,
                workers == 1 ? "worker" : "workers",
                chosen.planner(),
                comparison.request().schedule().label(),
                chosen.microBatches());
        stages(comparison).lines().forEach(out::println);
        notes(chosen.notes());
        say(
                "        a step is predicted to take %s; no plan can beat %s: the gap is %s",
                millis(chosen.stepNanos()), millis(comparison.boundNanos()), percent(comparison.gap(chosen)));
        out.println();
        out.println("Planners side by side");
        planners(comparison).lines().forEach(out::println);
    }

    private void notes(List<String> notes) {
        notes.stream().limit(MOST_NOTES).forEach(note -> say("  note: %s", note));
        if (notes.size() > MOST_NOTES) {
            say("  note: %d more notes like these, all in --report", notes.size() - MOST_NOTES);
        }
    }

    /** The simulated step as a chart, where it is not too large to read. */
    void chart(PlanComparison comparison) {
        out.println();
        List<StagePlan> stages = comparison.chosen().stages();
        if (stages.size() > MOST_STAGES_OF_A_CHART) {
            say("Step    not drawn for %d stages, only for up to %d", stages.size(), MOST_STAGES_OF_A_CHART);
            return;
        }
        out.println("Step    F forward, B backward, down and up the transfers of a link; widths in proportion to time");
        Simulator.simulate(comparison.request(), comparison.chosen())
                .chart(stage ->
                        stage + " " + comparison.workerName(stages.get(stage).worker()))
                .render(CHART)
                .lines()
                .forEach(line -> out.println("  " + line));
    }

    private static Table stages(PlanComparison comparison) {
        Allocation chosen = comparison.chosen();
        List<Long> bytes = StageMemory.bytes(comparison.request(), chosen);
        List<Double> busy = Simulator.simulate(comparison.request(), chosen).busyShares();
        Table table = new Table("stage", "worker", "units", "from", "to", "memory", "busy", "", "");
        for (int s = 0; s < bytes.size(); s++) {
            StagePlan stage = chosen.stages().get(s);
            table.row(
                    s,
                    comparison.workerName(stage.worker()),
                    stage.units(),
                    comparison.request().units().get(stage.firstUnit()).name(),
                    comparison.request().units().get(stage.endUnit() - 1).name(),
                    StageMemory.text(bytes.get(s)),
                    String.format(Locale.ROOT, "%.0f %%", busy.get(s) * 100),
                    bar(busy.get(s)),
                    onward(comparison
                            .request()
                            .cluster()
                            .wire(chosen.stages(), s)
                            .label()));
        }
        return table;
    }

    /** How numbers leave a stage, where that is worth a word. */
    static String onward(String wire) {
        return wire.equals(WireType.EXACT.label()) ? "" : "sends " + wire;
    }

    private static Table planners(PlanComparison comparison) {
        Table table = new Table("planner", "step", "bottleneck", "over bound", "");
        for (Contender contender : comparison.contenders()) {
            contender
                    .allocation()
                    .ifPresentOrElse(
                            found -> table.row(
                                    contender.planner(),
                                    millis(found.stepNanos()),
                                    millis(found.bottleneckNanos()),
                                    percent(comparison.gap(found)),
                                    contender
                                                    .planner()
                                                    .equals(comparison.chosen().planner())
                                            ? "chosen"
                                            : ""),
                            () -> table.row(contender.planner(), "", "", "", contender.problem()));
        }
        return table;
    }

    private static String bar(double share) {
        int filled = (int) Math.round(share * BAR);
        return "#".repeat(filled) + ".".repeat(BAR - filled);
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
