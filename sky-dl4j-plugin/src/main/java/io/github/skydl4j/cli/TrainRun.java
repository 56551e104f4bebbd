package io.github.skydl4j.cli;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.StepListener;
import io.github.skydl4j.TrainingReport;
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
    private final PrintStream out;
    private final Narrator narrator;
    private @Nullable SkyTrainer trainer;

    TrainRun(RunConfig config, PrintStream out) {
        this.config = config;
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
        narrator.measuring();
        try (SkyTrainer started = trainer(task, network)) {
            trainer = started;
            train(task, started);
            Optional<Evaluation> evaluation = evaluate(task, started);
            narrator.speed(started.report());
            write(task, network, started.report(), evaluation);
        }
    }

    private SkyTrainer trainer(TextTask task, ComputationGraph network) {
        PipelineConfig pipeline = config.pipeline();
        ProgressLines progress = new ProgressLines(
                out, System::nanoTime, task.stepsPerEpoch(), config.training().epochs());
        return SkyTrainer.builder(network)
                .workers(pipeline.workers())
                .cluster(pipeline.cluster())
                .planner(pipeline.planner())
                .schedule(pipeline.schedule())
                .microBatches(config.training().microBatches())
                .recompute(config.training().recompute())
                .dilation(pipeline.dilation())
                .profiling(pipeline.profiling())
                .stallLimit(pipeline.stallLimit())
                .stepListeners(new PlanListener(new GraphSplitter(network).units(), progress), progress)
                .build();
    }

    private void train(TextTask task, SkyTrainer started) {
        BertBatches batches = task.batches();
        int epochs = config.training().epochs();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            started.fit(batches);
            List<TrainingReport.Epoch> done = started.report().epochs();
            narrator.epoch(epoch, epochs, done.get(done.size() - 1));
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

    private void write(TextTask task, ComputationGraph network, TrainingReport report, Optional<Evaluation> evaluation)
            throws IOException {
        if (config.report().isPresent()) {
            ReportFile.write(config.report().get(), report, evaluation);
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

        private PlanListener(List<String> units, ProgressLines progress) {
            this.units = units;
            this.progress = progress;
        }

        @Override
        public void planned(Allocation allocation) {
            TrainingReport report = Objects.requireNonNull(trainer).report();
            narrator.plan(report, config.pipeline().workers().size(), units);
            progress.begin();
        }
    }
}
