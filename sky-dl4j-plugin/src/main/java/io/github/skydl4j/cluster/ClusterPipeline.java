package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.GraphState;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.monitor.ObservedStep;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StageMemory;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.profile.UnitProfiler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The stages of one network on the workers of a cluster: the counterpart of {@link io.github.skydl4j.pipeline.Pipeline}, which
 * outlives the loss of workers.
 *
 * <p>Every few steps a snapshot is taken. When a worker is lost or a stage fails, the stages are planned anew for those who are
 * there, restored from the last snapshot, and the steps since are done again, which gives the numbers of an undisturbed run:
 * a step depends on nothing but parameters, updater state, counts and the batch.
 *
 * <p>Used by one thread.
 */
public final class ClusterPipeline implements AutoCloseable {
    /** By what a worker's process grows beside its stage: compiled code, and buffers of the channels to two neighbours. */
    private static final long TRAINING_BYTES = 22L << 20;

    private static final Duration SNAPSHOT_LIMIT = Duration.ofMinutes(5);

    private final Coordinator coordinator;
    private final ComputationGraph network;
    private final GraphSplitter splitter;
    private final RunSettings settings;
    private final Recruiting recruiting;
    private final Trouble trouble;
    private final ArrayDeque<JournalStep> journal = new ArrayDeque<>();
    private @Nullable Crew crew;
    private int batchesDone;
    private long streams;

    ClusterPipeline(
            Coordinator coordinator,
            ComputationGraph network,
            RunSettings settings,
            MicroBatch sample,
            int microBatches) {
        this.coordinator = coordinator;
        this.network = network;
        this.splitter = new GraphSplitter(network);
        this.settings = settings;
        this.trouble = new Trouble(coordinator);
        List<UnitProfile> units = settings.known()
                .units()
                .orElseGet(() -> new UnitProfiler(settings.profiling(), settings.profiling())
                        .measure(network, sample, microBatches));
        MemberMeasurement measurement =
                new MemberMeasurement(coordinator.conversation(), splitter, units, sample, settings.profiling());
        this.recruiting = new Recruiting(coordinator, measurement, units, microBatches, settings);
        SnapshotMark mark = coordinator.start(network);
        // A run that was resumed at the very end of an epoch is in the next one by now.
        this.batchesDone = mark.epoch() == network.getEpochCount() ? mark.batches() : 0;
        assemble();
    }

    /** What was planned for. */
    public PlanRequest request() {
        return active().plan().request();
    }

    /** The allocation in use; another one after a recovery. */
    public Allocation allocation() {
        return active().plan().allocation();
    }

    /** Names of the workers, by their numbers in the allocation. */
    public List<String> workers() {
        return active().plan().workers();
    }

    /** What the workers with a stage hold, as planned and as they last reported, first stage to last. */
    public List<MemoryUse> memory() {
        CrewPlan plan = active().plan();
        List<Long> stages = StageMemory.bytes(plan.request(), plan.allocation());
        List<MemoryUse> uses = new ArrayList<>();
        for (int s = 0; s < plan.stages(); s++) {
            Member member = coordinator.conversation().member(plan.host(s));
            if (member != null) {
                long planned = member.idleBytes() + TRAINING_BYTES + stages.get(s);
                uses.add(new MemoryUse(member.name(), planned, member.memoryInUse()));
            }
        }
        return uses;
    }

    /** What the run has got over so far, in the order of time. */
    public List<ClusterEvent.Recovered> recoveries() {
        return trouble.recoveries();
    }

    /**
     * Runs a batch through all stages and updates their parameters, whatever happens to the workers meanwhile.
     *
     * @throws io.github.skydl4j.plan.InfeasiblePlanException if the workers left cannot hold the model
     * @throws io.github.skydl4j.pipeline.StageFailedException if a stage fails again and again
     */
    public StepResult train(List<MicroBatch> batch) {
        return train(StepData.Sent.copyOf(batch));
    }

    /** The same with a batch that the workers read by themselves, and cut into the micro-batches of the settings. */
    public StepResult train(StoredBatch batch) {
        ComputationGraphConfiguration names = network.getConfiguration();
        return train(new StepData.Stored(batch, names.getNetworkInputs(), names.getNetworkOutputs()));
    }

    private StepResult train(StepData data) {
        coordinator.conversation().catchUp();
        releaseLeavers();
        forgetSaved();
        batchesDone++;
        journal.add(JournalStep.of(data, network.getIterationCount(), network.getEpochCount(), batchesDone));
        StepResult result = withCrew(() -> Objects.requireNonNull(catchUp()));
        if (iteration() - savedIteration() >= coordinator.snapshots().everySteps() && !coordinator.isSaving()) {
            withCrew(() -> {
                catchUp();
                beginSnapshot();
                return this;
            });
        }
        boundJournal();
        return result;
    }

    /** What the stages did in the step that was done last; only where the settings ask for it. */
    public ObservedStep lastStep() {
        return active().lastStep();
    }

    /** Runs a batch forward in inference mode; returns the network outputs of every micro-batch, by name. */
    public List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        coordinator.conversation().catchUp();
        releaseLeavers();
        return withCrew(() -> {
            catchUp();
            return active().infer(batch);
        });
    }

    /** Brings parameters and updater state back into the network, by way of a snapshot. */
    public void publish() {
        save();
        Snapshot snapshot = coordinator.latest();
        StateFilling filling = new StateFilling(GraphState.of(network).values());
        snapshot.read(splitter.units(), filling::accept);
    }

    /** Between epochs: counts batches anew, and takes workers in that have joined. */
    public void endEpoch() {
        batchesDone = 0;
        coordinator.conversation().catchUp();
        if (recruiting.hasNewcomers(active().plan())) {
            crew = null;
            withCrew(() -> this);
        }
    }

    /** Takes down the stages. The workers stay with the coordinator. */
    @Override
    public void close() {
        crew = null;
    }

    private Crew active() {
        return Objects.requireNonNull(crew, "no crew");
    }

    private int iteration() {
        return journal.isEmpty() ? savedIteration() : journal.getLast().after().iteration();
    }

    private int savedIteration() {
        return coordinator.latest().mark().iteration();
    }

    /** Does the steps that the crew has not done. */
    private @Nullable StepResult catchUp() {
        StepResult last = null;
        for (JournalStep step : journal) {
            if (step.iteration() >= active().iteration()) {
                last = active().train(step);
                trouble.isOver();
            }
        }
        return last;
    }

    private <T> T withCrew(Supplier<T> work) {
        while (true) {
            try {
                if (crew == null) {
                    assemble();
                }
                T result = work.get();
                trouble.isOver();
                return result;
            } catch (CrewBrokenException e) {
                crew = null;
                coordinator.abandonSnapshot();
                trouble.meet(e, iteration());
            }
        }
    }

    private void assemble() {
        while (crew == null) {
            try {
                CrewPlan plan = recruiting.plan();
                coordinator.regroup();
                boolean averaged = network.conf().isMiniBatch();
                Crew next = new Crew(coordinator.conversation(), plan, settings, splitter, averaged);
                next.host(splitter, coordinator.latest());
                crew = next;
                trouble.crewStands(savedIteration(), journal.size());
            } catch (CrewBrokenException e) {
                trouble.meet(e, iteration());
            }
        }
    }

    private void beginSnapshot() {
        long first = streams;
        streams += active().plan().stages();
        coordinator.beginSnapshot(active().streams(first), journal.getLast().after());
        active().copy(first);
    }

    /** A snapshot of where the run is now, complete. */
    private void save() {
        while (iteration() > savedIteration()) {
            withCrew(() -> {
                catchUp();
                if (!coordinator.isSaving()) {
                    beginSnapshot();
                }
                coordinator.awaitSnapshot(SNAPSHOT_LIMIT, active().workers());
                return this;
            });
            forgetSaved();
        }
    }

    private void forgetSaved() {
        int saved = savedIteration();
        while (!journal.isEmpty() && journal.getFirst().after().iteration() <= saved) {
            journal.removeFirst();
        }
    }

    /** Rather waits for a snapshot than keep more batches than twice what lies between two. */
    private void boundJournal() {
        if (journal.size() >= 2 * coordinator.snapshots().everySteps()) {
            save();
        }
    }

    private void releaseLeavers() {
        List<String> leavers = coordinator.conversation().members().stream()
                .filter(Member::isLeaving)
                .map(Member::name)
                .toList();
        if (leavers.isEmpty()) {
            return;
        }
        if (leavers.stream().anyMatch(active().workers()::contains)) {
            save();
            crew = null;
            withCrew(() -> this);
        }
        leavers.forEach(leaver -> coordinator.release(leaver, "its stage is somewhere else now"));
    }
}
