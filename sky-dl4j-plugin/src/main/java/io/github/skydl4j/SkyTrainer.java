package io.github.skydl4j;

import io.github.skydl4j.cluster.BatchReader;
import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.cluster.MemoryUse;
import io.github.skydl4j.cluster.StoredBatch;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.plan.WireTypes;
import io.github.skydl4j.profile.ProfileStore;
import io.github.skydl4j.schedule.ScheduleKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Trains a {@link ComputationGraph} as a pipeline of stages on unequal workers. Use it where you would call {@code
 * network.fit(...)}:
 *
 * <pre>{@code
 * try (SkyTrainer trainer = SkyTrainer.builder(network)
 *         .workers(Worker.named("fast"), Worker.named("slow").withSlowdown(3))
 *         .build()) {
 *     trainer.fit(iterator, 3);
 * }
 * }</pre>
 *
 * <p>The first batch is used to measure the units of the graph; then the stages are planned and started, and they stay up
 * until {@link #close()}. The network's own parameters are trained in place; its updater state, iteration and epoch counts
 * are up to date whenever {@code fit} has returned or a listener is called, so that it can be saved with {@code
 * ModelSerializer}.
 *
 * <p>Used by one thread at a time, which must not touch the network while {@code fit} runs, listeners aside.
 */
public final class SkyTrainer implements AutoCloseable {
    private final ComputationGraph network;
    private final TrainerOptions options;
    private final BatchCutter cutter;
    private final Progress progress = new Progress();
    private final StagesAtWork stages;
    private int batchesToSkip;
    private boolean closed;

    private SkyTrainer(ComputationGraph network, TrainerOptions options) {
        this.network = network;
        this.options = options;
        this.cutter = new BatchCutter(network.getConfiguration());
        this.stages = new StagesAtWork(network, options, progress);
        Coordinator cluster = options.cluster();
        if (cluster != null && cluster.resumes()) {
            batchesToSkip = cluster.resume(network);
        }
    }

    /**
     * Starts the description of a trainer.
     *
     * @throws io.github.skydl4j.graph.UnsupportedGraphException if the network cannot be trained in stages
     */
    public static Builder builder(ComputationGraph network) {
        new GraphSplitter(network).requireTrainable();
        return new Builder(network);
    }

    /** Trains for one epoch, as {@code ComputationGraph.fit(DataSetIterator)} does. */
    public void fit(DataSetIterator data) {
        fit(new MultiDataSetIteratorAdapter(data));
    }

    /** Trains for some epochs; the iterator must support resetting for more than one. */
    public void fit(DataSetIterator data, int epochs) {
        fit(new MultiDataSetIteratorAdapter(data), epochs);
    }

    /** Trains for some epochs; the iterator must support resetting for more than one. */
    public void fit(MultiDataSetIterator data, int epochs) {
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs is " + epochs + ": it must be at least 1");
        }
        if (epochs > 1 && !data.resetSupported()) {
            throw new IllegalArgumentException(
                    epochs + " epochs need an iterator that supports reset: use one epoch or another iterator");
        }
        for (int e = 0; e < epochs; e++) {
            fit(data);
        }
    }

    /**
     * Trains for one epoch.
     *
     * @throws io.github.skydl4j.pipeline.StageFailedException if a stage fails; the network then holds the last finished
     *     step, and the trainer may be used again
     */
    public void fit(MultiDataSetIterator data) {
        checkOpen();
        if (!data.hasNext() && data.resetSupported()) {
            data.reset();
        }
        Listeners listeners = listeners();
        listeners.epochStart(network);
        progress.startEpoch();
        try (Batches batches = new Batches(data)) {
            for (; batchesToSkip > 0 && batches.hasNext(); batchesToSkip--) {
                batches.next();
            }
            while (batches.hasNext()) {
                MultiDataSet batch = batches.next();
                network.setLastEtlTime(batches.waitedMillis());
                step(batch, listeners);
            }
        }
        stages.bringBack();
        progress.endEpoch();
        listeners.epochEnd(network);
        network.incrementEpochCount();
        stages.epochEnded();
    }

    /**
     * Trains on batches one by one, without counting an epoch: for a caller that counts them itself. A batch is asked for
     * when the step before it is done.
     */
    public void fitBatches(Iterator<? extends MultiDataSet> batches) {
        checkOpen();
        Listeners listeners = listeners();
        while (batches.hasNext()) {
            step(batches.next(), listeners);
        }
        stages.bringBack();
        stages.epochEnded();
    }

    /**
     * The same with batches in files, one a step. Workers of a cluster read them by themselves, and this JVM reads no more
     * than the first, for its shape; stages in this JVM have them read here.
     *
     * @param reader as the workers of the cluster have it too
     * @throws IOException if a file that is read here cannot be
     */
    public void fitPaths(Iterator<String> paths, BatchReader reader) throws IOException {
        checkOpen();
        Listeners listeners = listeners();
        String path = paths.hasNext() ? paths.next() : "";
        while (!path.isEmpty()) {
            String next = paths.hasNext() ? paths.next() : "";
            if (options.cluster() == null) {
                step(reader.read(path), listeners);
            } else {
                step(new StoredBatch(path, next), reader, listeners);
            }
            path = next;
        }
        stages.bringBack();
        stages.epochEnded();
    }

    /** Trains on one batch, without counting an epoch. */
    public void fit(MultiDataSet batch) {
        checkOpen();
        step(batch, listeners());
        stages.bringBack();
    }

    /** Trains on one batch, without counting an epoch. */
    public void fit(DataSet batch) {
        fit(batch.toMultiDataSet());
    }

    /** Classification metrics over the data, for a network with one output. */
    public Evaluation evaluate(DataSetIterator data) {
        return evaluate(new MultiDataSetIteratorAdapter(data));
    }

    /** Classification metrics over the data, for a network with one output. */
    public Evaluation evaluate(MultiDataSetIterator data) {
        return evaluate(data, new Evaluation());
    }

    /** Feeds an evaluation with the outputs for all of the data; the network must have one output. */
    public <T extends IEvaluation<?>> T evaluate(MultiDataSetIterator data, T evaluation) {
        if (network.getNumOutputArrays() != 1) {
            throw new IllegalArgumentException("the network has " + network.getNumOutputArrays()
                    + " outputs, evaluate takes one: use output(MultiDataSet) and an evaluation for each");
        }
        if (data.resetSupported()) {
            data.reset();
        }
        while (data.hasNext()) {
            MultiDataSet batch = data.next();
            INDArray[] masks = batch.getLabelsMaskArrays();
            evaluation.eval(batch.getLabels(0), output(batch)[0], masks == null ? null : masks[0]);
        }
        return evaluation;
    }

    /** The network's outputs for features without masks, in inference mode. */
    public INDArray[] output(INDArray... features) {
        return output(new org.nd4j.linalg.dataset.MultiDataSet(features, new INDArray[0]));
    }

    /** The network's outputs for a batch, in inference mode, in the order of the network's outputs. */
    public INDArray[] output(MultiDataSet batch) {
        checkOpen();
        if (!stages.areUp()) {
            return network.output(false, batch.getFeatures(), batch.getFeaturesMaskArrays());
        }
        List<MicroBatch> cut = cutter.cut(batch, options.microBatches());
        List<Map<String, INDArray>> parts = stages.run(active -> active.infer(cut));
        return Outputs.join(network.getConfiguration().getNetworkOutputs(), parts);
    }

    /** The allocation in use; empty before the first batch. */
    public Optional<Allocation> allocation() {
        return stages.active().map(PlannedTraining::allocation);
    }

    /** What the processes of a cluster's workers hold, first stage to last; empty without a cluster or before the start. */
    public List<MemoryUse> memory() {
        return stages.active().map(PlannedTraining::memory).orElse(List.of());
    }

    /** How many workers were planned with; those of the options before the first batch. */
    public int workers() {
        return stages.active()
                .map(active -> active.workerNames().size())
                .orElse(options.workers().size());
    }

    /**
     * What was planned and measured so far.
     *
     * @throws IllegalStateException before the first step
     */
    public TrainingReport report() {
        return progress.report(stages.active()
                .orElseThrow(() -> new IllegalStateException("nothing to report before the first step")));
    }

    /** Ends the stages' threads and frees what they hold. The network keeps what it has learned. */
    @Override
    public void close() {
        closed = true;
        stages.stop();
    }

    private void step(MultiDataSet batch, Listeners listeners) {
        List<MicroBatch> cut = cutter.cut(batch, options.microBatches());
        stages.start(cut);
        StepResult result =
                stages.run(active -> active.step(progress.steps() + 1, cut, () -> listeners.gradientDone(network)));
        stepDone(result, batch, listeners);
    }

    private void step(StoredBatch batch, BatchReader reader, Listeners listeners) throws IOException {
        if (!stages.areUp()) {
            stages.start(cutter.cut(Blank.like(reader.read(batch.path())), options.microBatches()));
        }
        stepDone(stages.run(active -> active.step(progress.steps() + 1, batch)), null, listeners);
    }

    private void stepDone(StepResult result, @Nullable MultiDataSet batch, Listeners listeners) {
        progress.add(result);
        network.setScore(result.score());
        if (stages.active().orElseThrow().trainsInPlace() ? listeners.needUpdaterState() : listeners.needParameters()) {
            stages.bringBack();
        }
        listeners.iterationDone(network, batch);
        network.getConfiguration().setIterationCount(network.getIterationCount() + 1);
        for (StepListener listener : options.stepListeners()) {
            listener.stepDone(progress.steps(), network.getEpochCount(), result.score(), result.rows(), result.nanos());
            listener.stagesDone(result.stages());
        }
    }

    private Listeners listeners() {
        List<TrainingListener> all = new ArrayList<>(network.getListeners());
        all.addAll(options.listeners().get());
        return new Listeners(all);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the trainer is closed: build another");
        }
    }

    /** Describes a trainer; every value has a default. */
    public static final class Builder {
        private final ComputationGraph network;
        private List<Worker> workers = defaultWorkers();
        private Planner planner = new ExactPlanner();
        private Optional<String> owner = Optional.empty();
        private ScheduleKind schedule = ScheduleKind.ROUND_TRIP;
        private int microBatches = 8;
        private boolean recompute;
        private double dilation = 1;
        private WireType wire = WireType.EXACT;
        private Optional<WireType> tunedWire = Optional.empty();
        private Duration profiling = Duration.ofMillis(1500);
        private ProfileStore profiles = ProfileStore.none();
        private Optional<Cluster> measured = Optional.empty();
        private Duration stallLimit = Duration.ofMinutes(5);
        private Supplier<List<TrainingListener>> listeners = List::of;
        private List<StepListener> stepListeners = List.of();
        private @Nullable Monitor monitor;
        private @Nullable Coordinator cluster;

        private Builder(ComputationGraph network) {
            this.network = network;
        }

        /** Who takes part; one worker a core by default. The planner may leave some of them out. */
        public Builder workers(Worker... newWorkers) {
            return workers(List.of(newWorkers));
        }

        /** Who takes part. */
        public Builder workers(List<Worker> newWorkers) {
            workers = newWorkers;
            return this;
        }

        /** Who decides which worker hosts what; {@link ExactPlanner} by default. */
        public Builder planner(Planner newPlanner) {
            planner = newPlanner;
            return this;
        }

        /**
         * The worker that has the first and the last stage, so that inputs and labels stay with it; by default anyone
         * may have either.
         */
        public Builder owner(String worker) {
            owner = Optional.of(worker);
            return this;
        }

        /** The order of work within a step; {@link ScheduleKind#ROUND_TRIP} by default. */
        public Builder schedule(ScheduleKind newSchedule) {
            schedule = newSchedule;
            return this;
        }

        /** Into how many micro-batches a batch is cut, 8 by default. One gives {@code fit}'s numbers bit for bit. */
        public Builder microBatches(int number) {
            microBatches = number;
            return this;
        }

        /**
         * Whether stages compute activations a second time instead of keeping them, off by default: about a third more
         * time, and memory for the inputs of a stage only; the numbers stay the same.
         */
        public Builder recompute(boolean value) {
            recompute = value;
            return this;
        }

        /** Stretches the time of all emulated workers and links alike; see {@code docs/architecture.md}. */
        public Builder dilation(double factor) {
            dilation = factor;
            return this;
        }

        /**
         * How floating-point numbers travel between stages, on all links at least; exactly by default. A worker's
         * {@link Worker#withWire own type} counts on its links beside this one: 16 bits where anyone asks for them, and
         * bfloat16 where both kinds are asked for. It changes what is learned, by rounding.
         */
        public Builder wire(WireType ofAllLinks) {
            wire = ofAllLinks;
            return this;
        }

        /** How long to warm up, and again to measure, when the first batch comes; 1.5 s by default. */
        public Builder profiling(Duration duration) {
            profiling = duration;
            return this;
        }

        /**
         * A folder in which measured profiles are kept, none by default: a model that was measured on this machine with
         * micro-batches of this shape is not measured again. The log says which.
         */
        public Builder profiles(Path folder) {
            return profiles(ProfileStore.in(folder));
        }

        /** Where measured profiles are kept; nowhere by default. */
        public Builder profiles(ProfileStore store) {
            profiles = store;
            return this;
        }

        /**
         * What the plan and the schedule take {@link #workers} for, in their order, where it is known better than from
         * their description: speeds and links as measured. Workers of a {@link #cluster} are known by their names; if all of
         * them are, they are not measured.
         */
        public Builder measured(Cluster speedsAndLinks) {
            measured = Optional.of(speedsAndLinks);
            return this;
        }

        /** Planner, schedule, micro-batches, recomputation, wire type and {@link #measured} as a search has found them. */
        public Builder tuned(TunedPlan plan) {
            tunedWire = Optional.ofNullable(plan.wire());
            return planner(plan.planner(new ExactPlanner()))
                    .schedule(plan.schedule())
                    .microBatches(plan.microBatches())
                    .recompute(plan.recompute())
                    .measured(plan.cluster());
        }

        /** Longest wait without progress before a step is given up; 5 minutes by default. */
        public Builder stallLimit(Duration limit) {
            stallLimit = limit;
            return this;
        }

        /** DL4J listeners to call besides those of the network. */
        public Builder listeners(TrainingListener... newListeners) {
            List<TrainingListener> all = List.of(newListeners);
            return listeners(() -> all);
        }

        /** The same with listeners that may be others in the next call of {@code fit}, at whose start they are asked for. */
        public Builder listeners(Supplier<List<TrainingListener>> newListeners) {
            listeners = newListeners;
            return this;
        }

        /** Followers of plan and steps. */
        public Builder stepListeners(StepListener... newListeners) {
            stepListeners = List.of(newListeners);
            return this;
        }

        /** Who watches the run; nobody by default. The monitor stays open when the trainer is closed. */
        public Builder monitor(Monitor newMonitor) {
            monitor = newMonitor;
            return this;
        }

        /**
         * Trains on the workers that have joined a coordinator, in place of {@link #workers}. The network has their
         * parameters and updater state when {@code fit} returns, and before any listener is called that looks at more than
         * the score. Listeners do not hear of gradients, which stay with the workers.
         *
         * @param coordinator to be closed by the caller, after the trainer
         */
        public Builder cluster(Coordinator coordinator) {
            cluster = coordinator;
            return this;
        }

        /**
         * Makes the trainer; nothing is started before the first batch.
         *
         * @throws IllegalArgumentException for a value out of range, saying which and what is allowed
         */
        public SkyTrainer build() {
            return new SkyTrainer(
                    network,
                    new TrainerOptions(
                            workers.stream().map(this::wired).toList(),
                            planner,
                            owner,
                            schedule,
                            microBatches,
                            recompute,
                            dilation,
                            wires(),
                            profiling,
                            profiles,
                            measured,
                            stallLimit,
                            listeners,
                            stepListeners,
                            monitor,
                            cluster));
        }

        private Worker wired(Worker worker) {
            return worker.withWire(wires().of(worker.name()));
        }

        private WireTypes wires() {
            Map<String, WireType> ofWorkers = new HashMap<>();
            workers.forEach(worker -> ofWorkers.put(worker.name(), worker.link().wire()));
            return tunedWire
                    .map(ofAll -> new WireTypes(ofAll, Map.of()))
                    .orElseGet(() -> new WireTypes(wire, ofWorkers));
        }

        private static List<Worker> defaultWorkers() {
            List<Worker> workers = new ArrayList<>();
            for (int w = 0; w < Runtime.getRuntime().availableProcessors(); w++) {
                workers.add(Worker.named("local-" + w));
            }
            return workers;
        }
    }
}
