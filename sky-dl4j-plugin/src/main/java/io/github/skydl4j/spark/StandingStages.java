package io.github.skydl4j.spark;

import io.github.skydl4j.StepListener;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.cluster.KnownCosts;
import io.github.skydl4j.cluster.RunSettings;
import io.github.skydl4j.plan.WireTypes;
import io.github.skydl4j.tune.ClusterTrial;
import io.github.skydl4j.tune.SkyTuner;
import io.github.skydl4j.tune.TrainerTrial;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What stays from one call of a master's {@code fit} to the next: the hosts of stages, the session of the network trained
 * last, and the graph in place of a network of layers. Not thread-safe.
 */
final class StandingStages implements AutoCloseable {
    /** Longest wait without progress before a short run counts as failed. */
    private static final Duration STALL_LIMIT = Duration.ofMinutes(5);

    private final MasterOptions options;
    private final Supplier<List<TrainingListener>> listeners;
    private final StepListener stepListener;
    private @Nullable StageHosts hosts;
    private @Nullable TrainingSession session;
    private @Nullable LayerTwin twin;

    StandingStages(MasterOptions options, Supplier<List<TrainingListener>> listeners, StepListener stepListener) {
        this.options = options;
        this.listeners = listeners;
        this.stepListener = stepListener;
    }

    /** Where stages are, or would be. */
    boolean areOnExecutors(JavaSparkContext sc) {
        return switch (options.stagePlace()) {
            case AUTOMATIC -> !sc.isLocal();
            case DRIVER -> false;
            case EXECUTORS -> true;
        };
    }

    /**
     * The session at hand, or a new one if there is none, or one of another network.
     *
     * @param files what hosts on executors are to read by themselves; null for nothing
     */
    TrainingSession sessionOf(JavaSparkContext sc, ComputationGraph network, @Nullable FileBatches files) {
        Coordinator coordinator = areOnExecutors(sc) ? hostsThatRead(sc, files) : null;
        TrainingSession active = session;
        if (active == null || !active.trains(network)) {
            closeSession();
            active = new TrainingSession(network, options, coordinator, listeners, stepListener);
            session = active;
        }
        return active;
    }

    /** A graph of the network's layers with what they hold now. */
    LayerTwin twinOf(MultiLayerNetwork network) {
        LayerTwin pair = twin;
        if (pair == null || !pair.isOf(network)) {
            pair = LayerTwin.of(network);
            twin = pair;
        }
        pair.toGraph();
        return pair;
    }

    /**
     * A search by short runs on these stages' workers, which train a copy of the network. A training at hand ends with each
     * run, and starts again with the next {@code fit}.
     *
     * @param batches of a step's size, of which the first few are read now
     */
    SkyTuner.Builder tuner(JavaSparkContext sc, ComputationGraph network, Iterator<MultiDataSet> batches) {
        closeSession();
        return areOnExecutors(sc)
                ? tunerOnHosts(hostsThatRead(sc, null), network, batches)
                : tunerInDriver(network, batches);
    }

    private SkyTuner.Builder tunerOnHosts(
            Coordinator coordinator, ComputationGraph network, Iterator<MultiDataSet> batches) {
        RunSettings settings = new RunSettings(
                options.plannerInUse(),
                options.schedule(),
                options.microBatches(),
                options.recompute(),
                false,
                options.dilation(),
                new WireTypes(options.wire(), Map.of()),
                options.profiling(),
                STALL_LIMIT,
                KnownCosts.nothing());
        ClusterTrial trial = ClusterTrial.of(coordinator, network, settings, batches);
        return SkyTuner.builder(trial.request(), (plan, order, limit) -> {
            closeSession();
            return trial.run(plan, order, limit);
        });
    }

    private SkyTuner.Builder tunerInDriver(ComputationGraph network, Iterator<MultiDataSet> batches) {
        TrainerTrial trial = TrainerTrial.of(
                network,
                options.workerList(),
                options.dilation(),
                options.microBatches(),
                batches,
                options.profiling());
        return SkyTuner.builder(trial.request(options.schedule()), trial);
    }

    /** What was planned and measured so far for the network trained last. */
    TrainingReport report() {
        if (session == null) {
            throw new IllegalStateException("nothing to report before the first fit");
        }
        return session.report();
    }

    @Override
    public void close() {
        closeSession();
        if (hosts != null) {
            hosts.close();
            hosts = null;
        }
        twin = null;
    }

    /** The hosts at hand, or new ones if there are none, or none that read files as these do. */
    private Coordinator hostsThatRead(JavaSparkContext sc, @Nullable FileBatches files) {
        StageHosts active = hosts;
        if (active == null || !active.isUp() || !active.read(files)) {
            closeSession();
            if (active != null) {
                active.close();
            }
            active = new StageHosts(sc, options, files);
            hosts = active;
        }
        return active.coordinator();
    }

    /** Snapshots are of one network: the next one's would be mistaken for older ones. */
    private void closeSession() {
        if (session != null) {
            session.close();
            session = null;
            if (hosts != null && hosts.isUp()) {
                hosts.coordinator().discardSnapshots();
            }
        }
    }
}
