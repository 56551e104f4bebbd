package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageSpec;
import io.github.skydl4j.monitor.ObservedStep;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.pipeline.StageResult;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The workers that host the stages, from one regrouping to the next. Every method throws {@link CrewBrokenException} when a
 * worker is lost or a stage fails; the crew is of no use then. Confined to the coordinator's driving thread.
 */
final class Crew {
    private static final Duration SET_UP_LIMIT = Duration.ofMinutes(2);
    /** Beyond the workers' own limit, so that theirs is reached first and says what was waited for. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final Conversation talk;
    private final CrewPlan plan;
    private final RunSettings settings;
    private final boolean lossIsAveraged;
    private final List<StageSpec> specs = new ArrayList<>();
    private final Map<Integer, Schedule> schedules = new HashMap<>();
    private final Set<String> workers = new LinkedHashSet<>();
    private final @Nullable CrewObserver observer;
    private int iteration;

    /** A crew that is planned; {@link #host} puts it to work. */
    Crew(Conversation talk, CrewPlan plan, RunSettings settings, GraphSplitter splitter, boolean lossIsAveraged) {
        this.talk = talk;
        this.plan = plan;
        this.settings = settings;
        this.lossIsAveraged = lossIsAveraged;
        for (int s = 0; s < plan.stages(); s++) {
            var stage = plan.allocation().stages().get(s);
            specs.add(splitter.spec(stage.firstUnit(), stage.endUnit()));
            workers.add(plan.host(s));
        }
        observer = settings.observed() ? new CrewObserver(talk, workers) : null;
    }

    CrewPlan plan() {
        return plan;
    }

    /** Iteration whose parameters the stages hold. */
    int iteration() {
        return iteration;
    }

    /** Those who host a stage. */
    Set<String> workers() {
        return workers;
    }

    /** Has the stages built, and filled from a snapshot. */
    void host(GraphSplitter splitter, Snapshot from) {
        for (int s = 0; s < specs.size(); s++) {
            talk.tell(plan.host(s), hosting(splitter, s));
        }
        talk.gather(Report.Built.class, workers, SET_UP_LIMIT, received -> true);
        for (int s = 0; s < specs.size(); s++) {
            String worker = plan.host(s);
            int parts = from.read(specs.get(s).units(), part -> talk.tell(worker, part));
            talk.tell(worker, new StateEnd(0, parts));
        }
        talk.gather(Report.Ready.class, workers, SET_UP_LIMIT, received -> {
            noteMemory(received.peer(), ((Report.Ready) received.message()).memoryBytes());
            return true;
        });
        iteration = from.mark().iteration();
    }

    /** Does one step: forwards and backwards on all stages, then the update on all. */
    StepResult train(JournalStep step) {
        if (observer != null) {
            observer.stepStarts();
        }
        long start = System.nanoTime();
        long number = talk.ticket();
        List<MicroBatch> batch = load(number, step.data());
        int rows = batch.stream().mapToInt(MicroBatch::rows).sum();
        Schedule schedule = schedules.computeIfAbsent(batch.size(), plan::schedule);
        for (int s = 0; s < specs.size(); s++) {
            talk.tell(plan.host(s), new Order.Train(number, schedule.stage(s), step.iteration(), step.epoch()));
        }
        Map<String, StageResult> trained = new LinkedHashMap<>();
        talk.gather(Report.Trained.class, workers, phaseLimit(), received -> {
            Report.Trained report = (Report.Trained) received.message();
            return report.step() == number && trained.put(received.peer(), report.result()) == null;
        });
        Map<String, Long> updated = update(number, step, rows);
        iteration = step.iteration() + 1;
        List<StageResult> results = new ArrayList<>();
        List<Long> updateNanos = new ArrayList<>();
        for (int s = 0; s < specs.size(); s++) {
            results.add(Objects.requireNonNull(trained.get(plan.host(s))));
            updateNanos.add(Objects.requireNonNull(updated.get(plan.host(s))));
        }
        return StepResult.of(results, updateNanos, rows, lossIsAveraged, System.nanoTime() - start);
    }

    /** What the stages did in the step that was done last; only where the settings ask for it. */
    ObservedStep lastStep() {
        return Objects.requireNonNull(observer, "the settings do not ask for what stages do")
                .step();
    }

    /** Runs a batch forward in inference mode; gives the network outputs of every micro-batch, by name. */
    List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        long number = talk.ticket();
        feed(number, batch);
        workers.forEach(worker -> talk.tell(worker, new Order.Infer(number)));
        List<Map<String, INDArray>> outputs = new ArrayList<>();
        batch.forEach(microBatch -> outputs.add(new HashMap<>()));
        talk.gather(Report.class, workers, phaseLimit(), received -> {
            if (received.message() instanceof Report.Output output && output.step() == number) {
                outputs.get(output.microBatch()).putAll(output.arrays());
            }
            return received.message() instanceof Report.Inferred done && done.step() == number;
        });
        return outputs;
    }

    /** The numbers of the streams in which the stages' copies come, one a stage. */
    Set<Long> streams(long firstStream) {
        Set<Long> streams = new LinkedHashSet<>();
        for (int s = 0; s < specs.size(); s++) {
            streams.add(firstStream + s);
        }
        return streams;
    }

    /** Orders copies of the stages' state. */
    void copy(long firstStream) {
        for (int s = 0; s < specs.size(); s++) {
            talk.tell(plan.host(s), new Order.Copy(firstStream + s));
        }
    }

    private Map<String, Long> update(long number, JournalStep step, int rows) {
        workers.forEach(worker -> talk.tell(worker, new Order.Update(number, rows, step.iteration(), step.epoch())));
        Map<String, Long> updated = new LinkedHashMap<>();
        talk.gather(Report.Updated.class, workers, phaseLimit(), received -> {
            Report.Updated report = (Report.Updated) received.message();
            noteMemory(received.peer(), report.memoryBytes());
            boolean isAwaited = report.step() == number && updated.put(received.peer(), report.busyNanos()) == null;
            if (isAwaited && observer != null) {
                observer.hear(received.peer(), report.done());
            }
            return isAwaited;
        });
        return updated;
    }

    /** Gives the stages their examples, or has them read; the micro-batches as far as they are known here. */
    private List<MicroBatch> load(long number, StepData data) {
        if (data instanceof StepData.Sent sent) {
            feed(number, sent.batch());
            return sent.batch();
        }
        StepData.Stored stored = (StepData.Stored) data;
        Order.Fetch fetch =
                new Order.Fetch(number, stored.batch(), stored.inputs(), stored.outputs(), settings.microBatches());
        Set<String> readers = new LinkedHashSet<>();
        for (int s = 0; s < specs.size(); s++) {
            if (reads(specs.get(s))) {
                readers.add(plan.host(s));
                talk.tell(plan.host(s), fetch);
            }
        }
        List<MicroBatch> sizes = sizes(fetch, readers);
        for (int s = 0; s < specs.size(); s++) {
            if (!reads(specs.get(s))) {
                talk.tell(plan.host(s), new Order.Feed(number, sizes));
            }
        }
        return sizes;
    }

    private static boolean reads(StageSpec spec) {
        return !spec.feeds().isEmpty() || !spec.outputs().isEmpty();
    }

    /** The sizes of the micro-batches of a batch that is read, once all have read it. */
    private List<MicroBatch> sizes(Order.Fetch fetch, Set<String> readers) {
        Map<String, Report.Fetched> read = new LinkedHashMap<>();
        talk.gather(Report.Fetched.class, readers, phaseLimit(), received -> {
            Report.Fetched report = (Report.Fetched) received.message();
            return report.step() == fetch.step() && read.put(received.peer(), report) == null;
        });
        if (Set.copyOf(read.values()).size() > 1) {
            throw new IllegalStateException("the workers do not read the same at "
                    + fetch.batch().path() + ", but " + read + ": give them all the same files");
        }
        Report.Fetched any = read.values().iterator().next();
        return BatchCutter.sizes(any.rows(), fetch.microBatches(), any.masked());
    }

    private void feed(long number, List<MicroBatch> batch) {
        for (int s = 0; s < specs.size(); s++) {
            for (Order.Feed feed : Share.of(number, batch, specs.get(s))) {
                talk.tell(plan.host(s), feed);
            }
        }
    }

    private Order.Host hosting(GraphSplitter splitter, int s) {
        StageSpec spec = specs.get(s);
        int tied = tiedStage(splitter.tiedUnits(), s);
        return new Order.Host(
                s,
                splitter.blueprint(spec.firstUnit(), spec.endUnit()),
                s == 0 ? "" : plan.host(s - 1),
                s == specs.size() - 1 ? "" : plan.host(s + 1),
                tied,
                tied < 0 ? "" : plan.host(tied),
                plan.wire(s - 1),
                plan.wire(s),
                settings.microBatches(),
                settings.recompute(),
                settings.observed(),
                settings.dilation(),
                settings.stallLimit().toNanos());
    }

    /** The other stage that has one of the units, if this one has one too; -1 for none. */
    private int tiedStage(List<String> units, int s) {
        if (specs.get(s).units().stream().noneMatch(units::contains)) {
            return -1;
        }
        for (int other = 0; other < specs.size(); other++) {
            if (other != s && specs.get(other).units().stream().anyMatch(units::contains)) {
                return other;
            }
        }
        return -1;
    }

    private void noteMemory(String worker, long bytes) {
        Member member = talk.member(worker);
        if (member != null) {
            member.uses(bytes);
        }
    }

    private Duration phaseLimit() {
        return settings.stallLimit().plus(GRACE);
    }
}
