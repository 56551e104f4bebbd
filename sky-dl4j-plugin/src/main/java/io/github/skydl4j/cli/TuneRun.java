package io.github.skydl4j.cli;

import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.tune.SearchSpace;
import io.github.skydl4j.tune.SkyTuner;
import io.github.skydl4j.tune.TrainerTrial;
import io.github.skydl4j.tune.TuningJournal;
import io.github.skydl4j.tune.TuningResult;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** One run of {@code sky tune}: reads, measures, searches, shows, writes. Used once, by one thread. */
final class TuneRun {
    /** What reading, measuring and writing leave of a budget at least. */
    private static final Duration LEAST_SEARCH = Duration.ofSeconds(1);

    private final long start = System.nanoTime();
    private final RunConfig config;
    private final Settings settings;
    private final TuneOrder order;
    private final PrintStream out;
    private final Narrator narrator;

    TuneRun(RunConfig config, Settings settings, TuneOrder order, PrintStream out) {
        this.config = config;
        this.settings = settings;
        this.order = order;
        this.out = out;
        this.narrator = new Narrator(out);
    }

    void run() throws IOException {
        // Better refused now than after minutes of runs.
        Duration budget = order.budget();
        OutputFile.requireWritable("--out", order.out());
        String task = Fingerprint.sha256(settings.tree() + " " + order.generator() + " " + order.seed());
        TextTask sentences = TextTask.load(config);
        try (TuningJournal journal = journal(task)) {
            narrator.data(sentences);
            ComputationGraph network = sentences.network();
            narrator.model(sentences, network.params().length());
            PlanRequest request = request(sentences, network, journal);
            TuneText text = new TuneText(out, request);
            TuningResult result = search(sentences, network, request, journal, budget, text);
            text.show(result);
            new TunedFile(settings, config.pipeline(), result).write(order.out());
            narrator.wrote("the tuned configuration", order.out());
        }
    }

    private TuningJournal journal(String task) throws IOException {
        try {
            return TuningJournal.open(order.journal(), task);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
    }

    private PlanRequest request(TextTask task, ComputationGraph network, TuningJournal journal) {
        if (journal.units().isEmpty()) {
            narrator.measuring();
            journal.keepUnits(ModelProfile.measure(task, network).units());
        }
        List<UnitProfile> units = journal.units().orElseThrow();
        return new PlanRequest(
                units,
                config.pipeline().cluster(),
                task.microBatches(),
                config.pipeline().schedule());
    }

    private TuningResult search(
            TextTask task,
            ComputationGraph network,
            PlanRequest request,
            TuningJournal journal,
            Duration budget,
            TuneText text) {
        PipelineConfig pipeline = config.pipeline();
        TrainerTrial trial = new TrainerTrial(
                network, pipeline.workers(), pipeline.dilation(), pipeline.stallLimit(), task.batches());
        Duration left = budget.minusNanos(System.nanoTime() - start);
        return SkyTuner.builder(request, trial)
                .planner(pipeline.planner())
                .recompute(config.training().recompute())
                .search(space(task, request))
                .generator(order.generator())
                .candidates(order.candidates())
                .budget(left.compareTo(LEAST_SEARCH) < 0 ? LEAST_SEARCH : left)
                .seed(order.seed())
                .journal(journal)
                .listener(text)
                .build()
                .run();
    }

    /** Half and twice the micro-batches too; recomputation where memory is short. */
    private SearchSpace space(TextTask task, PlanRequest request) {
        int asked = task.microBatches();
        List<Integer> microBatches = Stream.of(asked / 2, asked, asked * 2)
                .filter(number -> number >= 1 && number <= config.training().batch())
                .toList();
        boolean memoryIsShort = request.cluster().workers().stream().anyMatch(worker -> worker.hasMemoryLimit());
        SearchSpace space = SearchSpace.of(microBatches);
        return memoryIsShort || config.training().recompute() ? space.withRecompute() : space;
    }
}
