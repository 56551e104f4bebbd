package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.bert.BertHead;
import io.github.skydl4j.graph.GraphMerger;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.profile.UnitProfiler;
import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import io.github.skydl4j.testing.MaskedSentences;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** The two copies of a masked language model's word table, wherever the stages put them. */
class TiedTablesTest {
    private static final int STEPS = 5;
    private static final int CASES = 10;
    private static final List<IUpdater> UPDATERS =
            List.of(new Sgd(0.3), new Adam(0.01), new Nesterovs(0.1, 0.9), new AMSGrad(0.01), new Nadam(0.01));

    /** How a case is trained, drawn from its seed: everything that must not matter. */
    private record Case(
            DataType type, int microBatches, boolean recompute, Storage storage, ScheduleKind schedule, Random random) {
        static Case of(long seed, int microBatches) {
            Random random = new Random(seed);
            return new Case(
                    random.nextBoolean() ? DataType.FLOAT : DataType.DOUBLE,
                    microBatches == 0 ? 2 + random.nextInt(4) : microBatches,
                    random.nextBoolean(),
                    random.nextBoolean() ? Storage.SHARED : Storage.COPIED,
                    ScheduleKind.values()[random.nextInt(ScheduleKind.values().length)],
                    random);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void copiesAreEqualAfterEveryStepWhateverTheCutScheduleMicroBatchesAndRecompute(int block) {
        for (long seed = (long) block * CASES; seed < (block + 1L) * CASES; seed++) {
            Case how = Case.of(seed, 0);
            ComputationGraph piped = model(seed, how.type);
            ComputationGraph whole = piped.clone();
            train(piped, how, seed);
            fit(whole, how.type);
            // Where a gradient is all but 0, the rounding of float32 decides the sign of Adam's step.
            if (how.type == DataType.DOUBLE) {
                assertThat(difference(piped, whole))
                        .as("seed %d, %s", seed, how)
                        .isLessThan(1e-10);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 12})
    void oneMicroBatchGivesTheParametersOfFitBitForBit(int block) {
        for (long seed = (long) block * CASES; seed < (block + 1L) * CASES; seed++) {
            Case how = Case.of(seed, 1);
            ComputationGraph piped = model(seed, how.type);
            ComputationGraph whole = piped.clone();
            train(piped, how, seed);
            fit(whole, how.type);
            assertThat(piped.params()).as("seed %d, %s", seed, how).isEqualTo(whole.params());
        }
    }

    @Test
    void theCutDoesNotChangeASingleBitOfAStepOfSeveralMicroBatches() {
        List<INDArray> trained = new ArrayList<>();
        for (int stages = 1; stages <= 4; stages++) {
            ComputationGraph network = model(1, DataType.FLOAT);
            Case how = new Case(DataType.FLOAT, 4, false, Storage.SHARED, ScheduleKind.ROUND_TRIP, new Random(stages));
            train(network, how, stages);
            trained.add(network.params());
        }
        assertThat(trained).allSatisfy(parameters -> assertThat(parameters).isEqualTo(trained.get(0)));
    }

    @Test
    void theUnitsOfEitherCopyCountItsMemory() {
        ComputationGraph network = model(1, DataType.FLOAT);
        MicroBatch sample = new BatchCutter(network.getConfiguration())
                .cut(MaskedSentences.batch(DataType.FLOAT, 1), 2)
                .get(0);
        long table = 37L * 10 * Float.BYTES;

        List<UnitProfile> units = new UnitProfiler(Duration.ZERO, Duration.ZERO).measure(network, sample, 2);

        assertThat(units)
                .filteredOn(
                        unit -> List.of(BertGraph.EMBEDDINGS, BertGraph.DECODER).contains(unit.name()))
                .hasSize(2)
                .allSatisfy(unit -> {
                    assertThat(unit.parameterBytes()).isGreaterThan(table);
                    assertThat(unit.stateBytes()).as("gradient and Adam's").isGreaterThan(3 * table);
                });
    }

    /** Trains in random stages and checks the copies after each step. */
    private static void train(ComputationGraph network, Case how, long seed) {
        BatchCutter cutter = new BatchCutter(network.getConfiguration());
        List<StageHost> hosts = hosts(network, how);
        try (Pipeline pipeline = new Pipeline(hosts, MaskedSentences.ROWS, Duration.ofSeconds(60))) {
            for (int step = 0; step < STEPS; step++) {
                List<MicroBatch> batch = cutter.cut(MaskedSentences.batch(how.type, step), how.microBatches);
                pipeline.train(batch, schedule(hosts.size(), batch.size(), how), step, 0, () -> {});
                GraphMerger.merge(pipeline.stages(), network);
                assertThat(network.paramTable().get("decoder_W"))
                        .as("seed %d, step %d, %s", seed, step, how)
                        .isEqualTo(network.paramTable().get("embeddings_word"));
            }
        }
    }

    private static List<StageHost> hosts(ComputationGraph network, Case how) {
        GraphSplitter splitter = new GraphSplitter(network);
        List<StageHost> hosts = new ArrayList<>();
        int first = 0;
        for (int cut = 1; cut <= splitter.units().size(); cut++) {
            if (cut == splitter.units().size() || how.random.nextInt(3) == 0) {
                hosts.add(new StageHost(
                        splitter.stage(first, cut, how.storage),
                        // Sometimes the owner of the data has both ends, whose stages take turns.
                        cut == splitter.units().size() && how.random.nextBoolean() ? "w0" : "w" + hosts.size(),
                        Emulation.NONE,
                        Link.INSTANT,
                        how.recompute));
                first = cut;
            }
        }
        return hosts;
    }

    private static Schedule schedule(int stages, int microBatches, Case how) {
        List<Long> times = how.random.longs(stages, 1, 100).boxed().toList();
        return how.schedule.build(new StageTimes(times, times, Collections.nCopies(stages - 1, 10L)), microBatches);
    }

    /** Models that differ in updater, regularization, weight decay and clipping. */
    private static ComputationGraph model(long seed, DataType type) {
        Random random = new Random(~seed);
        BertGraph.Builder builder = BertGraph.builder(MaskedSentences.config(0.1))
                .head(BertHead.MASKED_WORDS)
                .updater(UPDATERS.get((int) (seed % UPDATERS.size())).clone())
                .seed(seed)
                .dataType(type)
                .l2(random.nextBoolean() ? 0 : 0.01)
                .weightDecay(random.nextBoolean() ? 0 : 0.01);
        if (random.nextBoolean()) {
            builder.clip(GradientNormalization.ClipL2PerParamType, 0.5);
        }
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static void fit(ComputationGraph whole, DataType type) {
        for (int step = 0; step < STEPS; step++) {
            whole.fit(MaskedSentences.batch(type, step));
            assertThat(whole.paramTable().get("decoder_W"))
                    .isEqualTo(whole.paramTable().get("embeddings_word"));
        }
    }

    private static double difference(ComputationGraph one, ComputationGraph other) {
        return one.params().sub(other.params()).amaxNumber().doubleValue();
    }
}
