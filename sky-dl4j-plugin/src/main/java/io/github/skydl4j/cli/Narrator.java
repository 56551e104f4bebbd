package io.github.skydl4j.cli;

import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.bert.BertCheckpoint;
import io.github.skydl4j.bert.MaskedWordScore;
import io.github.skydl4j.cluster.ClusterEvent;
import io.github.skydl4j.cluster.HostPort;
import io.github.skydl4j.cluster.MemoryUse;
import io.github.skydl4j.cluster.WorkerTraits;
import io.github.skydl4j.monitor.GanttText;
import io.github.skydl4j.monitor.MonitorView;
import io.github.skydl4j.monitor.MonitoredStep;
import io.github.skydl4j.monitor.StageShare;
import io.github.skydl4j.plan.StageMemory;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.nd4j.evaluation.classification.Evaluation;

/** Tells the user of the command line about a run: what is trained, the plan, the result. */
final class Narrator {
    private static final int SHOWN_PROBLEMS = 3;
    private static final int GANTT_COLUMNS = 96;
    private static final int SHOWN_TENSORS = 6;

    private final PrintStream out;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void data(TextTask task) {
        DataFiles files = task.config().data().files();
        String heldOut =
                task.dev().map(dev -> dev.examples().size() + " held out").orElse("none held out");
        String learned = task.masksWords()
                ? "words masked"
                : "labels " + String.join(", ", task.train().labels());
        say(
                "Data    %d sentences to train on, %s, %s (%s)",
                task.train().examples().size(), heldOut, learned, files.folder().orElseGet(files::trainFile));
        problems(files.trainFile().toString(), task.train().problems());
        task.dev().ifPresent(dev -> problems(String.valueOf(files.devFile().orElseThrow()), dev.problems()));
    }

    void model(TextTask task, long parameters) {
        ModelConfig model = task.config().model();
        say(
                "Model   BERT, hidden %d, %d %s, %d pieces in the vocabulary: %,d parameters",
                model.hidden(),
                model.blocks(),
                model.blocks() == 1 ? "block" : "blocks",
                task.pieces().vocabulary().size(),
                parameters);
    }

    void watch(String address) {
        say("Watch   %s", address);
    }

    void measuring() {
        say("Profile of the model's units, measured unless it is kept from before ...");
    }

    void planning(int workers, int units) {
        say(
                "Plan    of %d workers and %d units: up to a few minutes; --planner quick takes seconds ...",
                workers, units);
    }

    void profiled(String origin) {
        say("Profile %s", origin);
    }

    /** The plan, before the first step. */
    void plan(TrainingReport report, int workers, List<String> units) {
        say(
                "Plan    %d %s on %d %s, planner %s, schedule %s, %d micro-batches",
                report.stages().size(),
                report.stages().size() == 1 ? "stage" : "stages",
                workers,
                workers == 1 ? "worker" : "workers",
                report.planner(),
                report.schedule(),
                report.microBatches());
        Table table = new Table("stage", "worker", "units", "from", "to", "planned busy", "");
        for (int s = 0; s < report.stages().size(); s++) {
            TrainingReport.Stage stage = report.stages().get(s);
            table.row(
                    s,
                    stage.worker(),
                    stage.endUnit() - stage.firstUnit(),
                    units.get(stage.firstUnit()),
                    units.get(stage.endUnit() - 1),
                    percent(stage.plannedBusy()),
                    PlanText.onward(stage.wire()));
        }
        table.lines().forEach(out::println);
        report.notes().forEach(note -> say("  note: %s", note));
        say(
                "        a step is predicted to take %s; no schedule can beat %s",
                Durations.millis(report.predictedStepMillis()), Durations.millis(report.boundMillis()));
        out.println();
    }

    /** Another plan during training, after workers were lost or have joined. */
    void planAgain(TrainingReport report) {
        say(
                "Plan    now %s",
                report.stages().stream()
                        .map(stage -> stage.worker() + ": units " + stage.firstUnit() + " to " + (stage.endUnit() - 1))
                        .collect(Collectors.joining(", ")));
    }

    void listening(InetSocketAddress address) {
        say("Cluster listening on %s", HostPort.text(address));
    }

    void cluster(ClusterEvent event) {
        if (event instanceof ClusterEvent.Joined joined) {
            WorkerTraits traits = joined.traits();
            say("Cluster %s has joined: %d cores, %s", joined.worker(), traits.cores(), traits.device());
        } else if (event instanceof ClusterEvent.Lost lost) {
            say("Cluster %s is lost: %s", lost.worker(), lost.why());
        } else if (event instanceof ClusterEvent.Leaving leaving) {
            say("Cluster %s wants to leave", leaving.worker());
        } else if (event instanceof ClusterEvent.StageFailed failed) {
            say("Cluster stage %d on %s has failed: %s", failed.stage(), failed.worker(), failed.text());
        } else if (event instanceof ClusterEvent.Recovered recovered) {
            say(
                    "Cluster back at step %d after %.1f s; %d steps since are done again",
                    recovered.iteration(), recovered.nanos() / 1e9, recovered.steps());
        } else if (event instanceof ClusterEvent.Waiting waiting) {
            say("Cluster waiting for workers: %d of %d are there", waiting.there(), waiting.wanted());
        }
    }

    void epoch(int epoch, int epochs, TrainingReport.Epoch done) {
        say("  epoch %d/%d   mean loss %.4f   %s", epoch, epochs, done.loss(), Durations.text(done.seconds()));
    }

    void accuracy(Evaluation evaluation, List<String> labels, int sentences) {
        out.println();
        say(
                "Result  accuracy %.4f, F1 %.4f on %d held-out sentences",
                evaluation.accuracy(), evaluation.f1(), sentences);
        Table table = new Table("label", "precision", "recall", "F1", "sentences");
        for (int label = 0; label < labels.size(); label++) {
            table.row(
                    labels.get(label),
                    share(evaluation.precision(label)),
                    share(evaluation.recall(label)),
                    share(evaluation.f1(label)),
                    evaluation.classCount(label));
        }
        table.lines().forEach(out::println);
    }

    void guesses(MaskedWordScore score) {
        out.println();
        say(
                "Result  masked accuracy %.4f, perplexity %.2f on %d masked words of the held-out sentences",
                score.accuracy(), score.perplexity(), score.asked());
    }

    /** What a checkpoint gave the model, and what it did not have. */
    void checkpoint(Path folder, BertCheckpoint.Report report) {
        say("        %d tensors loaded from %s", report.loaded().size(), folder);
        if (!report.missing().isEmpty()) {
            say("        new, since it has none: %s", some(report.missing()));
        }
        if (!report.unexpected().isEmpty()) {
            say("        not used: %s", some(report.unexpected()));
        }
    }

    private static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN_TENSORS, names.size())));
        return names.size() <= SHOWN_TENSORS ? shown : shown + " and " + (names.size() - SHOWN_TENSORS) + " more";
    }

    /** How fast it was, where the time went, and the last step. */
    void speed(TrainingReport report, MonitorView view) {
        out.println();
        if (report.stepMillis() == 0) {
            say("Speed   not measured in so few steps");
            return;
        }
        say(
                "Speed   step %s (median), predicted %s, bound %s: %.2f times the bound; %.0f samples/s",
                Durations.millis(report.stepMillis()),
                Durations.millis(report.predictedStepMillis()),
                Durations.millis(report.boundMillis()),
                report.stepMillis() / report.boundMillis(),
                report.samplesPerSecond());
        view.pace().ifPresent(pace -> shares(report, pace));
        view.last().ifPresent(step -> gantt(report, step));
    }

    private void shares(TrainingReport report, MonitorView.Pace pace) {
        Table table =
                new Table("stage", "worker", "units", "planned busy", "busy", "waits for input", "waits for link");
        for (int s = 0; s < report.stages().size(); s++) {
            TrainingReport.Stage stage = report.stages().get(s);
            StageShare share = pace.stages().get(s);
            table.row(
                    s,
                    stage.worker(),
                    stage.endUnit() - stage.firstUnit(),
                    percent(stage.plannedBusy()),
                    percent(stage.busy()),
                    percent((double) share.inputWaitNanos() / pace.meanNanos()),
                    percent((double) share.linkWaitNanos() / pace.meanNanos()));
        }
        table.lines().forEach(out::println);
    }

    private void gantt(TrainingReport report, MonitoredStep step) {
        out.println();
        say(
                "Gantt   step %d, bottleneck %s: a digit is a forward, a letter a backward, U the update",
                step.step(), step.summary().bottleneck().label());
        List<String> names = new ArrayList<>();
        for (int s = 0; s < report.stages().size(); s++) {
            names.add(s + " " + report.stages().get(s).worker());
        }
        GanttText.render(step, names, GANTT_COLUMNS).forEach(line -> say("  %s", line));
    }

    /** How long the run stood still for lost workers and failed stages. */
    void recoveries(List<TrainingReport.Recovery> recoveries) {
        if (!recoveries.isEmpty()) {
            say(
                    "Losses  %d got over, back at work after %s s",
                    recoveries.size(),
                    recoveries.stream()
                            .map(recovery -> String.format(Locale.ROOT, "%.1f", recovery.seconds()))
                            .collect(Collectors.joining(", ")));
        }
    }

    /** What the workers' processes hold. */
    void memory(List<MemoryUse> uses) {
        if (uses.isEmpty()) {
            return;
        }
        Table table = new Table("worker", "memory", "planned", "off by");
        for (MemoryUse use : uses) {
            table.row(
                    use.worker(),
                    StageMemory.text(use.bytes()),
                    StageMemory.text(use.plannedBytes()),
                    percent((double) use.bytes() / use.plannedBytes() - 1));
        }
        table.lines().forEach(out::println);
    }

    /** What stays of a run that has failed. */
    void kept(String what) {
        say("Kept    %s", what);
    }

    void wrote(String what, Object where) {
        say("Wrote   %s to %s", what, where);
    }

    private void problems(String file, List<String> problems) {
        problems.stream().limit(SHOWN_PROBLEMS).forEach(problem -> say("        %s: skipped %s", file, problem));
        if (problems.size() > SHOWN_PROBLEMS) {
            say("        %s: and more lines like these", file);
        }
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
