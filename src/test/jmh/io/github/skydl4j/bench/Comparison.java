package io.github.skydl4j.bench;

import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.plan.InfeasiblePlanException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Measures settings in several rounds, each of them once a round, so that a disturbance of the host meets all alike, and
 * takes the medians.
 */
final class Comparison {
    private final Effort effort;
    private final int repeats;
    private final Console console;

    Comparison(Effort effort, int repeats, Console console) {
        this.effort = effort;
        this.repeats = repeats;
        this.console = console;
    }

    /** A row for each setting that has a plan; the others are told to the console. */
    List<Row> run(List<Setting> settings, Function<Setting, Laboratory> laboratories) {
        Map<Setting, List<Measurement>> runs = new LinkedHashMap<>();
        for (int round = 1; round <= repeats; round++) {
            for (Setting setting : settings) {
                String now = "run %d of %d: %s: ".formatted(round, repeats, setting.name());
                try {
                    Measurement measured = laboratories.apply(setting).measure(setting, effort);
                    runs.computeIfAbsent(setting, key -> new ArrayList<>()).add(measured);
                    console.line(now + measured);
                } catch (InfeasiblePlanException e) {
                    console.line(now + "no plan: " + e.getMessage());
                }
            }
        }
        Map<String, Double> even = new LinkedHashMap<>();
        runs.forEach((setting, measured) -> {
            if (setting.planner() instanceof EvenPlanner) {
                even.put(setting.group(), Measurement.median(measured, Measurement::stepMillis));
            }
        });
        List<Row> rows = new ArrayList<>();
        runs.forEach((setting, measured) -> rows.add(row(setting, measured, even)));
        return rows;
    }

    private static Row row(Setting setting, List<Measurement> runs, Map<String, Double> even) {
        double step = Measurement.median(runs, Measurement::stepMillis);
        double bound = Measurement.median(runs, Measurement::boundMillis);
        Row row = new Row(setting.name(), setting.batch() / step * 1e3, step, bound);
        Double evenStep = even.get(setting.group());
        if (evenStep != null) {
            row = row.withReduction(1 - step / evenStep).with("mostThatAnyPlanCouldSave", 1 - bound / evenStep);
        }
        return row.with("spread", Measurement.spread(runs))
                .with("planBoundMillis", Measurement.median(runs, Measurement::planBoundMillis))
                .with("predictedMillis", Measurement.median(runs, Measurement::predictedMillis))
                .with("stages", runs.get(0).stages())
                .with("busy", Measurement.median(runs, Measurement::busy))
                .with("dilation", setting.dilation())
                .with("hostCores", Measurement.median(runs, Measurement::hostCores))
                .with("computeOverProfile", Measurement.median(runs, Measurement::computeOverProfile))
                .with("processMebibytes", Measurement.median(runs, Measurement::processMebibytes));
    }
}
