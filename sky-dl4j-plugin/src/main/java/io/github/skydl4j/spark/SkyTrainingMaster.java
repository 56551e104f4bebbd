package io.github.skydl4j.spark;

import io.github.skydl4j.StepListener;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.TunedPlan;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.tune.SkyTuner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.datavec.spark.util.SerializableHadoopConfig;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.loader.impl.SerializedMultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.data.loader.RemoteFileSourceFactory;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.graph.dataset.DataSetToMultiDataSetFn;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Trains a {@code SparkComputationGraph}'s network in stages sized to what each worker can do, where DL4J's own masters
 * train copies of it. In a pipeline that works with {@code ParameterAveragingTrainingMaster} it is the one line that
 * changes:
 *
 * <pre>{@code
 * TrainingMaster<?, ?> master = new SkyTrainingMaster.Builder(4).batchSize(32).build();
 * SparkComputationGraph graph = new SparkComputationGraph(sc, network, master);
 * graph.fit(data);
 * }</pre>
 *
 * <p>A {@code SparkDl4jMultiLayer} works too: a graph of the same layers is trained in place of its network, which has
 * parameters and updater state when {@code fit} returns. Listeners and hooks are called on the driver, once a step, with the
 * whole network. Stages stay up between calls of {@code fit} for the same network, until {@link #close()} or {@link
 * #deleteTempFiles}.
 *
 * <p>Used by one thread at a time.
 */
public final class SkyTrainingMaster implements TrainingMaster<SkyTrainingResult, SkyTrainingWorker>, AutoCloseable {
    /**
     * The data of a call of {@code fit}.
     *
     * @param id of the RDD that the caller gave, the same in every epoch
     * @param single whether it held {@code DataSet}s
     */
    private record Source(int id, JavaRDD<MultiDataSet> data, boolean single) {}

    /**
     * What is trained in a call of {@code fit}.
     *
     * @param facade the network that hooks see
     * @param single whether data comes as {@code DataSet}s, and hooks want them as such
     */
    private record Trained(ComputationGraph network, Model facade, boolean single) {}

    /** Does nothing: for a listener of an unknown kind the network is brought up to date at each step, and hooks look at it too. */
    private static final class Onlooker extends BaseTrainingListener {}

    private final MasterOptions options;
    private final Set<TrainingHook> hooks = new LinkedHashSet<>();
    private final MasterListeners listeners = new MasterListeners();
    private final ExportedData exported;
    private boolean collectStats;
    private final SkyTrainingStats stats = new SkyTrainingStats();
    private final StandingStages stages;

    private SkyTrainingMaster(MasterOptions options) {
        this.options = options;
        this.collectStats = options.collectTrainingStats();
        this.exported = new ExportedData(options);
        this.stages = new StandingStages(options, this::watchers, new StepListener() {
            @Override
            public void stepDone(long step, int epoch, double score, int rows, long nanos) {
                note(SkyTrainingStats.STEP, nanos);
            }
        });
    }

    /**
     * A master as {@link #toJson()} wrote it.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static SkyTrainingMaster fromJson(String json) {
        return new SkyTrainingMaster(MasterFormat.JSON.read(json));
    }

    /**
     * A master as {@link #toYaml()} wrote it.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static SkyTrainingMaster fromYaml(String yaml) {
        return new SkyTrainingMaster(MasterFormat.YAML.read(yaml));
    }

    @Override
    public String toJson() {
        return MasterFormat.JSON.write(options);
    }

    @Override
    public String toYaml() {
        return MasterFormat.YAML.write(options);
    }

    @Override
    public void addHook(TrainingHook hook) {
        hooks.add(hook);
    }

    @Override
    public void removeHook(TrainingHook hook) {
        hooks.remove(hook);
    }

    @Override
    public SkyTrainingWorker getWorkerInstance(SparkDl4jMultiLayer network) {
        throw noWorker();
    }

    @Override
    public SkyTrainingWorker getWorkerInstance(SparkComputationGraph graph) {
        throw noWorker();
    }

    @Override
    public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
        MultiLayerNetwork layers = network.getNetwork();
        LayerTwin pair = stages.twinOf(layers);
        fit(network.getSparkContext(), pair.graph(), source(data), layers);
        pair.toNetwork();
        network.setScore(layers.score());
    }

    @Override
    public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> data) {
        ComputationGraph network = graph.getNetwork();
        fit(graph.getSparkContext(), network, source(data), network);
        graph.setScore(network.score());
    }

    @Override
    public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
        ComputationGraph network = graph.getNetwork();
        fit(graph.getSparkContext(), network, new Source(data.id(), data, false), network);
        graph.setScore(network.score());
    }

    @Override
    public void executeTrainingPaths(
            @Nullable SparkDl4jMultiLayer network,
            @Nullable SparkComputationGraph graph,
            JavaRDD<String> paths,
            @Nullable DataSetLoader loader,
            @Nullable MultiDataSetLoader multiLoader) {
        PathBatches.Loader load = loader != null ? PathBatches.ofSingle(loader) : PathBatches.of(present(multiLoader));
        if (graph != null) {
            ComputationGraph trained = graph.getNetwork();
            fitPaths(graph.getSparkContext(), paths, load, new Trained(trained, trained, loader != null));
            graph.setScore(trained.score());
        } else {
            SparkDl4jMultiLayer facade = present(network);
            LayerTwin pair = stages.twinOf(facade.getNetwork());
            Trained trained = new Trained(pair.graph(), facade.getNetwork(), loader != null);
            fitPaths(facade.getSparkContext(), paths, load, trained);
            pair.toNetwork();
            facade.setScore(facade.getNetwork().score());
        }
    }

    @Override
    public void setCollectTrainingStats(boolean collect) {
        collectStats = collect;
    }

    @Override
    public boolean getIsCollectTrainingStats() {
        return collectStats;
    }

    /** Statistics of all calls of {@code fit} since collecting them was switched on; null where it is off. */
    @Override
    public @Nullable SkyTrainingStats getTrainingStats() {
        return collectStats ? stats : null;
    }

    @Override
    public void setListeners(@Nullable Collection<TrainingListener> newListeners) {
        listeners.set(null, newListeners);
    }

    @Override
    public void setListeners(@Nullable StatsStorageRouter router, @Nullable Collection<TrainingListener> newListeners) {
        listeners.set(router, newListeners);
    }

    @Override
    public boolean deleteTempFiles(JavaSparkContext sc) {
        close();
        return exported.delete(sc);
    }

    @Override
    public boolean deleteTempFiles(SparkContext sc) {
        return deleteTempFiles(JavaSparkContext.fromSparkContext(sc));
    }

    /**
     * Starts the description of a search for faster stages on the very workers that train: short runs on a copy of the
     * network, for {@link Builder#tuned} of another master with as many workers. Needs Arbiter on the driver's class path.
     * Neither {@code fit} nor {@link #close()} may be called while it runs.
     *
     * @param data whose first few batches all runs train on
     */
    public SkyTuner.Builder tuner(SparkComputationGraph graph, JavaRDD<DataSet> data) {
        return tunerMDS(graph, data.map(new DataSetToMultiDataSetFn()));
    }

    /** The same with several inputs or outputs. */
    public SkyTuner.Builder tunerMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
        Iterator<MultiDataSet> batches = new StepBatches(data.toLocalIterator(), options.batchSize());
        return stages.tuner(graph.getSparkContext(), graph.getNetwork(), batches)
                .planner(options.plannerInUse())
                .recompute(options.recompute());
    }

    /** What was planned and measured so far for the network trained last. */
    public TrainingReport report() {
        return stages.report();
    }

    /** Ends the stages and frees what they hold; the next {@code fit} starts them again. */
    @Override
    public void close() {
        stages.close();
    }

    private static Source source(JavaRDD<DataSet> data) {
        return new Source(data.id(), data.map(new DataSetToMultiDataSetFn()), true);
    }

    private void fit(JavaSparkContext sc, ComputationGraph network, Source source, Model facade) {
        Trained trained = new Trained(network, facade, source.single());
        if (options.rddTrainingApproach() == RDDTrainingApproach.Export) {
            long start = System.nanoTime();
            JavaRDD<String> paths = exported.of(sc, source.id(), source.data());
            note(SkyTrainingStats.EXPORT, System.nanoTime() - start);
            fitPaths(sc, paths, PathBatches.of(new SerializedMultiDataSetLoader()), trained);
        } else {
            fit(sc, null, trained, active -> fitBatches(active, source.data().toLocalIterator(), trained));
        }
    }

    /** On executors files are read where their content is needed; hooks want to see it here. */
    private void fitPaths(JavaSparkContext sc, JavaRDD<String> paths, PathBatches.Loader loader, Trained trained) {
        SerializableHadoopConfig hadoop = new SerializableHadoopConfig(sc.hadoopConfiguration());
        FileBatches files = new FileBatches(new RemoteFileSourceFactory(sc.broadcast(hadoop)), loader);
        if (stages.areOnExecutors(sc) && hooks.isEmpty()) {
            fit(sc, files, trained, active -> active.fitPaths(paths.toLocalIterator(), files));
        } else {
            PathBatches batches = new PathBatches(paths.toLocalIterator(), files);
            fit(sc, null, trained, active -> fitBatches(active, batches, trained));
        }
    }

    private void fitBatches(TrainingSession active, Iterator<MultiDataSet> data, Trained trained) {
        try (FetchedAhead<MultiDataSet> ahead = new FetchedAhead<>(data, options.fetchedAhead())) {
            Iterator<MultiDataSet> timed = new Timed(new StepBatches(ahead, options.batchSize()), this::noteDataWait);
            active.fit(new Hooks(timed, List.copyOf(hooks), trained.facade(), trained.single()));
        }
    }

    private void fit(
            JavaSparkContext sc, @Nullable FileBatches files, Trained trained, Consumer<TrainingSession> epoch) {
        long start = System.nanoTime();
        keepFromSpark(trained.facade());
        TrainingSession active = stages.sessionOf(sc, trained.network(), files);
        listeners.onEpochStart(trained.network());
        epoch.accept(active);
        listeners.onEpochEnd(trained.network());
        noteStages(active);
        note(SkyTrainingStats.FIT, System.nanoTime() - start);
    }

    /**
     * DL4J broadcasts the parameters to evaluate. Spark keeps the very array as the driver's copy, and closes what can be
     * closed when the broadcast is cleaned away: the network would lose its parameters at some later garbage collection.
     */
    private static void keepFromSpark(Model facade) {
        facade.params().setCloseable(false);
    }

    /** Those who are told of each step. */
    private List<TrainingListener> watchers() {
        List<TrainingListener> all = listeners.get();
        if (!hooks.isEmpty()) {
            all.add(new Onlooker());
        }
        return all;
    }

    /** For each stage its time at work in the median step so far. */
    private void noteStages(TrainingSession active) {
        if (collectStats && active.hasTrained()) {
            TrainingReport report = active.report();
            for (int s = 0; s < report.stages().size(); s++) {
                double millis = report.stages().get(s).busy() * report.stepMillis();
                note(SkyTrainingStats.stageKey(s), (long) (millis * 1_000_000));
            }
        }
    }

    private void noteDataWait(long nanos) {
        note(SkyTrainingStats.DATA, nanos);
    }

    private void note(String key, long nanos) {
        if (collectStats) {
            stats.add(key, nanos);
        }
    }

    private static UnsupportedOperationException noWorker() {
        return new UnsupportedOperationException(
                "a worker of Sky hosts a stage, not a copy of the network: call fit on the Spark facade");
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("a network and a loader are needed to train from paths");
        }
        return value;
    }

    /** Describes a master; every value but the number of workers has a default. */
    public static final class Builder {
        private final int workers;
        private String planner = "exact";
        private ScheduleKind schedule = ScheduleKind.ROUND_TRIP;
        private int microBatches = 8;
        private int batchSize;
        private boolean recompute;
        private WireType wire = WireType.EXACT;
        private List<Double> slowdowns = List.of();
        private double dilation = 1;
        private RDDTrainingApproach approach = RDDTrainingApproach.Direct;
        private @Nullable String exportDirectory;
        private int fetchedAhead = 2;
        private StagePlace stagePlace = StagePlace.AUTOMATIC;
        private int port;
        private int joinSeconds = 60;
        private int snapshotEvery = 50;
        private @Nullable String snapshotDirectory;
        private int profilingMillis = 1500;
        private boolean collectStats;
        private @Nullable TunedPlan tuned;

        /**
         * Starts the description of a master.
         *
         * @param workers executor slots that may host a stage; the planner may leave some of them out
         */
        public Builder(int workers) {
            this.workers = workers;
        }

        /** Who decides which worker hosts what: {@code exact} (the default), {@code proportional}, {@code paper}, {@code even}. */
        public Builder planner(String name) {
            planner = name;
            return this;
        }

        /** The order of work within a step. */
        public Builder schedule(ScheduleKind kind) {
            schedule = kind;
            return this;
        }

        /** Into how many micro-batches a step's batch is cut, 8 by default. One gives {@code fit}'s numbers bit for bit. */
        public Builder microBatches(int number) {
            microBatches = number;
            return this;
        }

        /**
         * Stages, schedule, micro-batches, recomputation and wire type as a {@link SkyTrainingMaster#tuner search} has found them. The
         * planner plans where a worker of these stages is missing.
         */
        public Builder tuned(TunedPlan plan) {
            tuned = plan;
            wire = Objects.requireNonNullElse(plan.wire(), wire);
            return schedule(plan.schedule()).microBatches(plan.microBatches()).recompute(plan.recompute());
        }

        /** How floating-point numbers travel between executors: exactly by default, in half the bytes with 16 bits. */
        public Builder wire(WireType type) {
            wire = type;
            return this;
        }

        /** Examples in a step: batches of the data are joined or cut to it. By default they are taken as they come. */
        public Builder batchSize(int examples) {
            batchSize = examples;
            return this;
        }

        /** Whether stages compute activations a second time instead of keeping them. */
        public Builder recompute(boolean value) {
            recompute = value;
            return this;
        }

        /** Slows the workers down to play unequal machines: a number for each, 0 for full speed. */
        public Builder slowdowns(double... factors) {
            List<Double> list = new ArrayList<>();
            for (double factor : factors) {
                list.add(factor);
            }
            slowdowns = list;
            return this;
        }

        /** Stretches the time of all emulated workers alike. */
        public Builder dilation(double factor) {
            dilation = factor;
            return this;
        }

        /** How an RDD is read: streamed (Direct, the default) or written to files first (Export). */
        public Builder rddTrainingApproach(RDDTrainingApproach newApproach) {
            approach = newApproach;
            return this;
        }

        /** Where RDDs are exported; by default below Hadoop's folder for temporary files. */
        public Builder exportDirectory(String path) {
            exportDirectory = path;
            return this;
        }

        /** Batches read ahead of the step, 2 by default. */
        public Builder prefetchBatches(int number) {
            fetchedAhead = number;
            return this;
        }

        /** Where the stages are: on executors by default, but in the driver's JVM where that is the only one. */
        public Builder stagePlace(StagePlace place) {
            stagePlace = place;
            return this;
        }

        /** UDP port on which the driver admits the hosts of stages; a free one by default. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** How long executor slots, and then the hosts of stages on them, are waited for; a minute by default. */
        public Builder joinLimit(Duration limit) {
            joinSeconds = (int) limit.toSeconds();
            return this;
        }

        /**
         * Steps between snapshots of what the executors hold, 50 by default. After the loss of one, as many steps or twice
         * as many are done again.
         */
        public Builder snapshotEvery(int steps) {
            snapshotEvery = steps;
            return this;
        }

        /** An empty folder on the driver for snapshots; a temporary one by default. */
        public Builder snapshotDirectory(String folder) {
            snapshotDirectory = folder;
            return this;
        }

        /** How long each JVM warms up, and again measures, before the first step; 1.5 s by default. */
        public Builder profiling(Duration duration) {
            profilingMillis = (int) duration.toMillis();
            return this;
        }

        /** Whether statistics are collected from the start. */
        public Builder collectTrainingStats(boolean collect) {
            collectStats = collect;
            return this;
        }

        /**
         * Makes the master; nothing is started before the first {@code fit}.
         *
         * @throws IllegalArgumentException for a value out of range, saying which and what is allowed
         */
        public SkyTrainingMaster build() {
            return new SkyTrainingMaster(new MasterOptions(
                    workers,
                    planner,
                    schedule,
                    microBatches,
                    batchSize,
                    recompute,
                    wire,
                    slowdowns,
                    dilation,
                    approach,
                    exportDirectory,
                    fetchedAhead,
                    stagePlace,
                    port,
                    joinSeconds,
                    snapshotEvery,
                    snapshotDirectory,
                    profilingMillis,
                    collectStats,
                    tuned));
        }
    }
}
