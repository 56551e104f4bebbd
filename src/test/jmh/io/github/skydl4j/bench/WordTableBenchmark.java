package io.github.skydl4j.bench;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.graph.Storage;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The embeddings of BERT-base, 23 million numbers for words alone, as a stage of their own: backward of 8 x 128 tokens and
 * the update. Commands and results are in {@code docs/benchmarks.md}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 4, time = 3)
@Fork(1)
public class WordTableBenchmark {
    private static final int BATCH = 8;
    private static final int TIME = 128;

    @Param({"sgd", "adam"})
    public String updater;

    private StageGraph stage;
    private MicroBatch tokens;
    private INDArray error;

    @Setup
    public void setUp() {
        BertConfig config = BertConfig.builder().hiddenLayers(1).dropout(0).build();
        IUpdater rule = updater.equals("sgd") ? new Sgd(1e-3) : new Adam(1e-4);
        ComputationGraph network =
                new ComputationGraph(BertGraph.builder(config).updater(rule).build());
        network.init();
        stage = new GraphSplitter(network).stage(0, 1, Storage.COPIED);
        INDArray ids = Nd4j.rand(DataType.FLOAT, BATCH, TIME)
                .muli(config.vocabularySize() - 1)
                .addi(1);
        tokens = new MicroBatch(
                0,
                BATCH,
                0,
                Map.of(
                        BertGraph.TOKENS,
                        ids.castTo(DataType.INT32),
                        BertGraph.TYPES,
                        Nd4j.zeros(DataType.INT32, BATCH, TIME)),
                Map.of(),
                Map.of(),
                Map.of(),
                false);
        error = Nd4j.randn(DataType.FLOAT, BATCH, TIME, config.hiddenSize());
        stage.forward(tokens, Map.of());
    }

    @Setup(Level.Invocation)
    public void forward() {
        stage.forward(tokens, Map.of());
    }

    @Benchmark
    public Object backwardAndUpdate() {
        Object passed = stage.backward(Map.of(BertGraph.EMBEDDINGS, error));
        stage.applyUpdate(BATCH);
        return passed;
    }
}
