package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** Words that are not in a batch cost nothing in it, and the numbers stay those of {@code fit}. */
class WordGradientTest {
    private static final int STEPS = 6;
    private static final int WORDS = 200;
    private static final int ROWS = 8;
    private static final int TIME = 5;

    /** What may ask every word to move in every step, and what does not. */
    private enum Training {
        PLAIN_DESCENT(graph -> graph.updater(new Sgd(0.2))),
        DESCENT_WITH_L2(graph -> graph.updater(new Sgd(0.2)).l2(0.1)),
        DESCENT_WITH_DECAY(graph -> graph.updater(new Sgd(0.2)).weightDecay(0.1)),
        DESCENT_WITH_CLIPPING(graph -> graph.updater(new Sgd(0.2)).clip(GradientNormalization.ClipL2PerLayer, 0.01)),
        MOMENTUM(graph -> graph.updater(new Nesterovs(0.1, 0.9))),
        ADAM(graph -> graph.updater(new Adam(0.01)));

        private final UnaryOperator<BertGraph.Builder> settings;

        Training(UnaryOperator<BertGraph.Builder> settings) {
            this.settings = settings;
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneMicroBatchGivesTheParametersOfFitBitForBit(Training training) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            for (Storage storage : Storage.values()) {
                ComputationGraph piped = bert(training, type);
                ComputationGraph whole = piped.clone();
                try (Pipeline pipeline = pipeline(piped, storage)) {
                    for (int step = 0; step < STEPS; step++) {
                        train(pipeline, piped, step, 1);
                        whole.fit(sentences(type, step));
                        assertThat(words(pipeline))
                                .as("%s, %s, step %d", type, storage, step)
                                .isEqualTo(words(whole));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalMicroBatchesAgreeInDouble(Training training) {
        ComputationGraph piped = bert(training, DataType.DOUBLE);
        ComputationGraph whole = piped.clone();
        try (Pipeline pipeline = pipeline(piped, Storage.SHARED)) {
            for (int step = 0; step < STEPS; step++) {
                train(pipeline, piped, step, 3);
                whole.fit(sentences(DataType.DOUBLE, step));
            }
        }
        assertThat(piped.params().sub(whole.params()).amaxNumber().doubleValue())
                .isLessThan(1e-10);
    }

    /** A NaN in a row that nobody has to look at would spread if somebody did. */
    @Test
    void plainDescentLooksAtNoRowOfAWordThatIsNotInTheBatch() {
        ComputationGraph network = bert(Training.PLAIN_DESCENT, DataType.FLOAT);
        try (Pipeline pipeline = pipeline(network, Storage.SHARED)) {
            train(pipeline, network, 0, 3);
            INDArray gradient = pipeline.stages()
                    .get(0)
                    .words()
                    .orElseThrow()
                    .gradient()
                    .table()
                    .getRow(WORDS - 1);
            gradient.assign(Double.NaN);
            for (int step = 1; step < STEPS; step++) {
                train(pipeline, network, step, 1 + step % 3);
            }
            assertThat(gradient.isNaN().all()).isTrue();
            assertThat(network.params().isNaN().any()).isFalse();
        }
    }

    /** The gradient's array belongs to the network too, whose own backward writes other rows. */
    @Test
    void aFitOfTheWholeNetworkBetweenStepsLeavesNothingBehind() {
        ComputationGraph mixed = bert(Training.PLAIN_DESCENT, DataType.DOUBLE);
        ComputationGraph whole = mixed.clone();
        try (Pipeline pipeline = pipeline(mixed, Storage.SHARED)) {
            for (int step = 0; step < STEPS; step++) {
                if (step % 2 == 0) {
                    train(pipeline, mixed, step, 1);
                } else {
                    mixed.getConfiguration().setIterationCount(step);
                    mixed.fit(sentences(DataType.DOUBLE, step));
                }
                whole.fit(sentences(DataType.DOUBLE, step));
            }
        }
        assertThat(mixed.params()).isEqualTo(whole.params());
    }

    private static INDArray words(Pipeline pipeline) {
        return pipeline.stages().get(0).paramTable().get("embeddings_word");
    }

    private static INDArray words(ComputationGraph network) {
        return network.paramTable().get("embeddings_word");
    }

    private static Pipeline pipeline(ComputationGraph network, Storage storage) {
        GraphSplitter splitter = new GraphSplitter(network);
        int units = splitter.units().size();
        List<StageHost> hosts = List.of(
                new StageHost(splitter.stage(0, 2, storage), "a", Emulation.NONE, Link.INSTANT),
                new StageHost(splitter.stage(2, units, storage), "b", Emulation.NONE, Link.INSTANT));
        return new Pipeline(hosts, ROWS, Duration.ofSeconds(60));
    }

    private static void train(Pipeline pipeline, ComputationGraph network, int step, int microBatches) {
        DataType type = network.getConfiguration().getDataType();
        List<MicroBatch> batch = new BatchCutter(network.getConfiguration()).cut(sentences(type, step), microBatches);
        List<Long> times = Collections.nCopies(2, 1L);
        Schedule schedule = ScheduleKind.ROUND_TRIP.build(new StageTimes(times, times, List.of(0L)), batch.size());
        pipeline.train(batch, schedule, step, 0, () -> {});
    }

    private static ComputationGraph bert(Training training, DataType type) {
        BertConfig config = BertConfig.builder()
                .vocabularySize(WORDS)
                .hiddenSize(12)
                .attentionHeads(2)
                .intermediateSize(16)
                .hiddenLayers(1)
                .maxPositions(8)
                .dropout(0.1)
                .initializerRange(0.3)
                .build();
        ComputationGraph graph = new ComputationGraph(training.settings
                .apply(BertGraph.builder(config).seed(3).dataType(type))
                .build());
        graph.init();
        return graph;
    }

    /** Never the padding nor the last word. */
    private static MultiDataSet sentences(DataType type, int step) {
        Random random = new Random(step);
        INDArray tokens = Nd4j.zeros(type, ROWS, TIME);
        INDArray labels = Nd4j.zeros(type, ROWS, 2);
        for (int row = 0; row < ROWS; row++) {
            for (int position = 0; position < TIME; position++) {
                tokens.putScalar(row, position, 1 + random.nextInt(WORDS - 2));
            }
            labels.putScalar(row, random.nextInt(2), 1);
        }
        INDArray[] features = {tokens, Nd4j.zeros(type, ROWS, TIME), Nd4j.ones(type, ROWS, TIME)};
        return new MultiDataSet(features, new INDArray[] {labels});
    }
}
