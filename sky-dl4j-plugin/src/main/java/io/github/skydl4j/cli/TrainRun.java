package io.github.skydl4j.cli;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.StepListener;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.text.BertBatches;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.classification.Evaluation;

/** One run of {@code sky train}: reads, plans, trains, evaluates, writes. Used once, by one thread. */
final class TrainRun {
    private final RunConfig config;
    private final ClusterChoice choice;
    private final PrintStream out;
    private final Narrator narrator;
    private @Nullable SkyTrainer trainer;

    TrainRun(RunConfig config, ClusterChoice choice, PrintStream out) {
        this.config = config;
        this.choice = choice;
        this.out = out;
        this.narrator = new Narrator(out);
    }

    void run() throws IOException {
        // Better refused now than after hours of training.
        config.report().ifPresent(file -> OutputFile.requireWritable("report", file));
        config.save().ifPresent(file -> OutputFile.requireWritable("save", file));
        TextTask task = TextTask.load(config);
        narrator.data(task);
        ComputationGraph network = task.network();
        narrator.model(task, network.params().length());
        Optional<ClusterRun> cluster = ClusterRun.start(config, choice, narrator::cluster);
        try {
            Optional<Coordinator> coordinator = cluster.map(ClusterRun::coordinator);
            coordinator.flatMap(Coordinator::address).ifPresent(narrator::listening);
            run(task, network, coordinator);
            coordinator.ifPresent(Coordinator::discardSnapshots);
        } finally {
            cluster.ifPresent(ClusterRun::close);
        }
    }

    private void run(TextTask task, ComputationGraph network, Optional<Coordinator> coordinator) throws IOException {
        try (SkyTrainer started = trainer(task, network, coordinator)) {
            trainer = started;
            narrator.measuring();
            train(task, network, started);
            Optional<Evaluation> evaluation = evaluate(task, started);
            // A run that was resumed at its very end has done no step.
            Optional<TrainingReport> report = started.allocation().map(done -> started.report());
            report.ifPresent(narrator::speed);
            write(task, network, report, evaluation);
        }
    }

    private SkyTrainer trainer(TextTask task, ComputationGraph network, Optional<Coordinator> coordinator) {
        PipelineConfig pipeline = config.pipeline();
        ProgressLines progress = new ProgressLines(
                out, System::nanoTime, task.stepsPerEpoch(), config.training().epochs());
        SkyTrainer.Builder builder = SkyTrainer.builder(network)
                .workers(pipeline.workers())
                .planner(pipeline.planner())
                .schedule(pipeline.schedule())
                .microBatches(config.training().microBatches())
                .recompute(config.training().recompute())
                .dilation(pipeline.dilation())
                .profiling(pipeline.profiling())
                .stallLimit(pipeline.stallLimit())
                .stepListeners(new PlanListener(new GraphSplitter(network).units(), progress), progress);
        coordinator.ifPresent(builder::cluster);
        return builder.build();
    }

    private void train(TextTask task, ComputationGraph network, SkyTrainer started) {
        BertBatches batches = task.batches();
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

    private Optional<Evaluation> evaluate(TextTask task, SkyTrainer started) {
        if (task.dev().isEmpty()) {
            return Optional.empty();
        }
        List<String> labels = task.dev().get().labels();
        Evaluation evaluation = started.evaluate(task.inOrder(task.dev().get()), new Evaluation(labels));
        narrator.accuracy(evaluation, labels, task.dev().get().examples().size());
        return Optional.of(evaluation);
    }

    private void write(
            TextTask task, ComputationGraph network, Optional<TrainingReport> report, Optional<Evaluation> evaluation)
            throws IOException {
        if (config.report().isPresent() && report.isPresent()) {
            ReportFile.write(config.report().get(), report.get(), evaluation);
            narrator.wrote("the report", config.report().get());
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
        private final ProgressLines progress;
        private boolean isShown;

        private PlanListener(List<String> units, ProgressLines progress) {
            this.units = units;
            this.progress = progress;
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
