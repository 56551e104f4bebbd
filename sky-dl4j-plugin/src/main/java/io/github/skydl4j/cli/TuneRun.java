package io.github.skydl4j.cli;

import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.profile.ModelProfile;
import io.github.skydl4j.profile.ProfileStore;
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

    private static final Duration LONGEST_RUN = Duration.ofSeconds(5);
    /** So many runs of the longest kind are to have room, however small the budget. */
    private static final int RUNS_IN_A_BUDGET = 20;

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
        order.generator();
        order.candidates();
        order.wireTypes();
        OutputFile.requireWritable("--out", order.out());
        TextTask task = TextTask.load(config);
        try (TuningJournal journal = journal()) {
            narrator.data(task);
            ComputationGraph network = task.network();
            narrator.model(task, network.params().length());
            TrainerTrial trial = trial(task, network, journal);
            PlanRequest request = request(trial);
            TuneText text = new TuneText(out, request);
            TuningResult result = search(trial, request, journal, budget, text);
            text.show(result);
            new TunedFile(settings, config.pipeline(), result).write(order.out());
            narrator.wrote("the tuned configuration", order.out());
        }
    }

    private TuningJournal journal() throws IOException {
        String task = settings.tree() + " " + order.generator().label() + " " + order.seed() + " " + order.wireTypes();
        try {
            return TuningJournal.open(order.journal(), task);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The one that the search started from, lest a search that goes on have other candidates. */
    private ModelProfile profile(TextTask task, ComputationGraph network, TuningJournal journal) {
        if (journal.profile().isEmpty()) {
            narrator.measuring();
            ProfileStore.Found found = new TaskProfile(task).find(network);
            narrator.profiled(found.origin());
            journal.keepProfile(found.profile());
        }
        return journal.profile().orElseThrow();
    }

    private TrainerTrial trial(TextTask task, ComputationGraph network, TuningJournal journal) {
        PipelineConfig pipeline = config.pipeline();
        return new TrainerTrial(
                network,
                profile(task, network, journal),
                pipeline.workers(),
                pipeline.dilation(),
                pipeline.stallLimit(),
                task.batches());
    }

    /** As a training plans. */
    private PlanRequest request(TrainerTrial trial) {
        PipelineConfig pipeline = config.pipeline();
        PlanRequest anywhere = trial.request(pipeline.schedule()).withCluster(pipeline.cluster());
        return pipeline.owner().map(anywhere::withOwner).orElse(anywhere);
    }

    private TuningResult search(
            TrainerTrial trial, PlanRequest request, TuningJournal journal, Duration budget, TuneText text) {
        Duration unspent = budget.minusNanos(System.nanoTime() - start);
        Duration left = unspent.compareTo(LEAST_SEARCH) < 0 ? LEAST_SEARCH : unspent;
        return SkyTuner.builder(request, trial)
                .planner(config.pipeline().planner())
                .recompute(config.training().recompute())
                .search(space(request))
                .generator(order.generator())
                .candidates(order.candidates())
                .budget(left)
                .longestRun(shorter(LONGEST_RUN, left.dividedBy(RUNS_IN_A_BUDGET)))
                .seed(order.seed())
                .journal(journal)
                .listener(text)
                .build()
                .run();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Half and twice the micro-batches too; recomputation where memory is short; wire types that the user allows. */
    private SearchSpace space(PlanRequest request) {
        int asked = request.microBatches();
        List<Integer> microBatches = Stream.of(asked / 2, asked, asked * 2)
                .filter(number -> number >= 1 && number <= config.training().batch())
                .toList();
        boolean memoryIsShort = request.cluster().workers().stream().anyMatch(WorkerProfile::hasMemoryLimit);
        SearchSpace space = SearchSpace.of(microBatches);
        SearchSpace wired = order.wireTypes().isEmpty() ? space : space.withWires(order.wireTypes());
        return memoryIsShort || config.training().recompute() ? wired.withRecompute() : wired;
    }
}
