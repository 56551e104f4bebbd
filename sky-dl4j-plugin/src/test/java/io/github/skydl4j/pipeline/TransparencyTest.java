package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.graph.GraphMerger;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import io.github.skydl4j.testing.RandomGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Training through a pipeline gives the numbers of {@code ComputationGraph.fit}. */
class TransparencyTest {
    private static final int STEPS = 10;
    private static final int ROWS = 7;
    private static final int GRAPHS = 40;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4})
    void oneMicroBatchTrainsBitForBitLikeFit(long block) {
        for (long seed = GRAPHS * block; seed < GRAPHS * (block + 1); seed++) {
            Trained trained = train(seed, DataType.DOUBLE, true, 1, channels(seed));
            assertThat(trained.piped().params())
                    .as("seed %d", seed)
                    .isEqualTo(trained.whole().params());
            assertThat(updaterState(trained.piped())).as("seed %d", seed).isEqualTo(updaterState(trained.whole()));
            assertThat(trained.score())
                    .as("seed %d", seed)
                    .isCloseTo(trained.whole().score(), within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5})
    void severalMicroBatchesAgreeInDouble(long block) {
        for (long seed = GRAPHS * block; seed < GRAPHS * (block + 1); seed++) {
            Trained trained = train(seed, DataType.DOUBLE, false, 2 + (int) (seed % 6), channels(seed));
            assertThat(difference(trained)).as("seed %d", seed).isLessThan(1e-10);
            assertThat(trained.score())
                    .as("seed %d", seed)
                    .isCloseTo(trained.whole().score(), within(1e-10));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 6})
    void severalMicroBatchesAgreeInFloat(long block) {
        for (long seed = GRAPHS * block; seed < GRAPHS * (block + 1); seed++) {
            Trained trained = train(seed, DataType.FLOAT, false, 2 + (int) (seed % 6), channels(seed));
            assertThat(difference(trained)).as("seed %d", seed).isLessThan(1e-4);
        }
    }

    @Test
    void arraysThatHaveBeenCopiedOnTheirWayAreClosed() {
        for (long seed = 0; seed < GRAPHS; seed++) {
            Queue<INDArray> copies = new ConcurrentLinkedQueue<>();
            train(seed, DataType.FLOAT, false, 3, copying(copies));
            assertThat(copies).as("seed %d", seed).noneMatch(INDArray::closeable);
        }
    }

    /** Channels as in one process for half of the graphs, as between processes for the other half. */
    private static Pipeline.ChannelMaker channels(long seed) {
        return seed % 2 == 0 ? Pipeline::channel : copying(new ConcurrentLinkedQueue<>());
    }

    private static Pipeline.ChannelMaker copying(Queue<INDArray> copies) {
        return new Pipeline.ChannelMaker() {
            @Override
            public <T> Channel<T> make(String name, StageHost host, int capacity) {
                return new CopyingChannel<>(name, capacity, copies);
            }
        };
    }

    private record Trained(ComputationGraph whole, ComputationGraph piped, double score) {}

    private static Trained train(
            long seed, DataType type, boolean batchNorm, int microBatches, Pipeline.ChannelMaker channels) {
        RandomGraph graph = RandomGraph.of(seed, type, batchNorm);
        ComputationGraph whole = new ComputationGraph(graph.configuration());
        whole.init();
        ComputationGraph piped = whole.clone();
        Random random = new Random(seed);
        double score = 0;
        try (Pipeline pipeline = new Pipeline(randomStages(piped, random), ROWS, Duration.ofSeconds(60), channels)) {
            BatchCutter cutter = new BatchCutter(piped.getConfiguration());
            for (int step = 0; step < STEPS; step++) {
                int rows = step == STEPS - 1 ? ROWS - 2 : ROWS;
                whole.fit(graph.batch(rows, step));
                List<MicroBatch> batch = cutter.cut(graph.batch(rows, step), microBatches);
                Schedule schedule = randomSchedule(pipeline.stages().size(), batch.size(), random);
                score = pipeline.train(batch, schedule, step, 0, () -> {}).score();
            }
            GraphMerger.merge(pipeline.stages(), piped);
        }
        return new Trained(whole, piped, score);
    }

    private static List<StageHost> randomStages(ComputationGraph network, Random random) {
        GraphSplitter splitter = new GraphSplitter(network);
        Storage storage = random.nextBoolean() ? Storage.SHARED : Storage.COPIED;
        List<StageHost> hosts = new ArrayList<>();
        int first = 0;
        for (int cut = 1; cut <= splitter.units().size(); cut++) {
            if (cut == splitter.units().size() || (hosts.size() < 4 && random.nextInt(3) == 0)) {
                hosts.add(new StageHost(
                        splitter.stage(first, cut, storage), "w" + hosts.size(), Emulation.NONE, Link.INSTANT));
                first = cut;
            }
        }
        return hosts;
    }

    private static Schedule randomSchedule(int stages, int microBatches, Random random) {
        ScheduleKind kind = ScheduleKind.values()[random.nextInt(ScheduleKind.values().length)];
        List<Long> times = random.longs(stages, 1, 100).boxed().toList();
        return kind.build(new StageTimes(times, times, Collections.nCopies(stages - 1, 10L)), microBatches);
    }

    private static INDArray updaterState(ComputationGraph network) {
        return network.getUpdater().getStateViewArray();
    }

    private static double difference(Trained trained) {
        return trained.whole()
                .params()
                .sub(trained.piped().params())
                .amaxNumber()
                .doubleValue();
    }
}
