package io.github.skydl4j.cli;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.StepListener;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.bert.BertCheckpoint;
import io.github.skydl4j.cluster.ClusterEvent;
import io.github.skydl4j.cluster.ClusterNews;
import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.RunGoal;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.text.TextSet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** One run of {@code sky train}: reads, plans, trains, evaluates, writes. Used once, by one thread. */
final class TrainRun {
    private static final String TERMINAL = "sky.terminal";

    private final RunConfig config;
    private final ClusterChoice choice;
    private final PrintStream out;
    private final Narrator narrator;
    private final Monitor monitor;
    private @Nullable SkyTrainer trainer;

    TrainRun(RunConfig config, ClusterChoice choice, PrintStream out, Monitor monitor) {
        this.config = config;
        this.choice = choice;
        this.out = out;
        this.narrator = new Narrator(out);
        this.monitor = monitor;
    }

    void run() throws IOException {
        // Better refused now than after hours of training.
        config.report().ifPresent(file -> OutputFile.requireWritable("report", file));
        config.save().ifPresent(file -> OutputFile.requireWritable("save", file));
        config.model()
                .save()
                .ifPresent(folder -> OutputFile.requireWritable("model.save", folder.resolve("config.json")));
        TextTask task = TextTask.load(config);
        narrator.data(task);
        ComputationGraph network = task.network();
        narrator.model(task, network.params().length());
        if (config.model().checkpoint().isPresent()) {
            Path folder = config.model().checkpoint().get();
            narrator.checkpoint(folder, Pretrained.load(folder, network));
        }
        monitor.expect(new RunGoal(config.training().epochs(), task.stepsPerEpoch()));
        Consumer<ClusterEvent> news = narrator::cluster;
        Optional<ClusterRun> cluster = ClusterRun.start(config, choice, news.andThen(new ClusterNews(monitor)));
        try {
            Optional<Coordinator> coordinator = cluster.map(ClusterRun::coordinator);
            coordinator.flatMap(Coordinator::address).ifPresent(narrator::listening);
            run(task, network, coordinator);
            cluster.ifPresent(ClusterRun::done);
        } finally {
            cluster.ifPresent(ClusterRun::close);
            cluster.flatMap(ClusterRun::remains).ifPresent(narrator::kept);
        }
    }

    private void run(TextTask task, ComputationGraph network, Optional<Coordinator> coordinator) throws IOException {
        try (RunProgress progress = progress(task);
                SkyTrainer started = trainer(network, progress, coordinator)) {
            trainer = started;
            narrator.measuring();
            train(task, network, started);
            Optional<Outcome> outcome = evaluate(task, started);
            // A run that was resumed at its very end has done no step.
            Optional<TrainingReport> report = started.allocation().map(done -> started.report());
            report.ifPresent(speed -> narrator.speed(speed, monitor.view()));
            report.ifPresent(done -> {
                narrator.recoveries(done.recoveries());
                narrator.memory(done.memory());
            });
            write(task, network, report, outcome);
        }
    }

    /** A bar on a terminal, lines elsewhere. Before JDK 22 Java itself cannot tell; the launcher does. */
    private RunProgress progress(TextTask task) {
        int epochs = config.training().epochs();
        boolean isTerminal = Boolean.getBoolean(TERMINAL);
        return isTerminal
                ? new ProgressBars(out, System::nanoTime, task.stepsPerEpoch(), epochs, monitor::pace)
                : new ProgressLines(out, System::nanoTime, task.stepsPerEpoch(), epochs, monitor::pace);
    }

    private SkyTrainer trainer(ComputationGraph network, RunProgress progress, Optional<Coordinator> coordinator) {
        PipelineConfig pipeline = config.pipeline();
        SkyTrainer.Builder builder = SkyTrainer.builder(network)
                .workers(pipeline.workers())
                .planner(pipeline.planner())
                .schedule(pipeline.schedule())
                .microBatches(config.training().microBatches())
                .recompute(config.training().recompute())
                .dilation(pipeline.dilation())
                .wire(pipeline.wire())
                .profiling(pipeline.profiling())
                .profiles(pipeline.profiles())
                .stallLimit(pipeline.stallLimit())
                .monitor(monitor)
                .stepListeners(new PlanListener(new GraphSplitter(network).units(), progress), progress);
        pipeline.owner().ifPresent(builder::owner);
        coordinator.ifPresentOrElse(builder::cluster, () -> builder.measured(pipeline.cluster()));
        return builder.build();
    }

    private void train(TextTask task, ComputationGraph network, SkyTrainer started) {
        MultiDataSetIterator batches = task.batches();
        int epochs = config.training().epochs();
        int epochsDone = network.getEpochCount();
        for (int epoch = 0; epoch < epochsDone; epoch++) {
            batches.next(); // A pass that nothing was read from would not count.
            batches.reset();
        }
        for (int epoch = epochsDone + 1; epoch <= epochs; epoch++) {
            started.fit(batches);
            if (started.allocation().isPresent()) {
                List<TrainingReport.Epoch> done = started.report().epochs();
                narrator.epoch(epoch, epochs, done.get(done.size() - 1));
            }
        }
    }

    private Optional<Outcome> evaluate(TextTask task, SkyTrainer started) {
        if (task.dev().isEmpty()) {
            return Optional.empty();
        }
        TextSet dev = task.dev().get();
        Outcome outcome = task.masksWords()
                ? Outcome.Guessed.of(started, task.inOrder(dev))
                : Outcome.Classified.of(
                        started, task.inOrder(dev), dev.labels(), dev.examples().size());
        outcome.tell(narrator);
        return Optional.of(outcome);
    }

    private void write(
            TextTask task, ComputationGraph network, Optional<TrainingReport> report, Optional<Outcome> outcome)
            throws IOException {
        if (config.report().isPresent() && report.isPresent()) {
            ReportFile.write(config.report().get(), report.get(), outcome);
            narrator.wrote("the report", config.report().get());
        }
        if (config.model().save().isPresent()) {
            Path folder = config.model().save().get();
            BertCheckpoint.save(folder, task.bert(), network, Optional.empty());
            task.pieces().vocabulary().save(folder.resolve("vocab.txt"));
            narrator.wrote("the model in HuggingFace's format", folder);
        }
        if (config.save().isPresent()) {
            SavedModel saved = new SavedModel(config.save().get());
            saved.write(network, task.pieces().vocabulary());
            narrator.wrote("the network", saved.network());
            narrator.wrote("its vocabulary", saved.vocabulary());
        }
    }

    /** Shows the plan as soon as there is one. */
    private final class PlanListener implements StepListener {
        private final List<String> units;
        private final RunProgress progress;
        private boolean isShown;

        private PlanListener(List<String> units, RunProgress progress) {
            this.units = units;
            this.progress = progress;
        }

        @Override
        public void profiled(String origin) {
            narrator.profiled(origin);
        }

        @Override
        public void planned(Allocation allocation) {
            TrainingReport report = Objects.requireNonNull(trainer).report();
            if (isShown) {
                narrator.planAgain(report);
                return;
            }
            isShown = true;
            narrator.plan(report, Objects.requireNonNull(trainer).workers(), units);
            progress.begin();
        }
    }
}
