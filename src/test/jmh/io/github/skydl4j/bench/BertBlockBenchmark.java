package io.github.skydl4j.bench;

import io.github.skydl4j.bert.BertConfig;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A BERT-base block, forward and backward over sentences of 128 tokens, beside its matrix products alone. Commands and
 * results are in {@code docs/benchmarks.md}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 10)
@Measurement(iterations = 5, time = 10)
@Fork(1)
public class BertBlockBenchmark {
    private static final int TIME = 128;

    @Param({"8", "4"})
    public int batch;

    @Param({"0", "0.1"})
    public double dropout;

    private BertBlock block;
    private MatrixProducts products;
    private INDArray hidden;
    private INDArray mask;
    private INDArray error;

    @Setup
    public void setUp() {
        BertConfig config = BertConfig.builder().dropout(dropout).build();
        block = new BertBlock(config);
        products = new MatrixProducts(config, batch, TIME);
        hidden = Nd4j.randn(DataType.FLOAT, batch, TIME, config.hiddenSize());
        mask = Nd4j.ones(DataType.FLOAT, batch, TIME);
        error = Nd4j.randn(DataType.FLOAT, batch, TIME, config.hiddenSize());
    }

    @Benchmark
    public INDArray block() {
        block.forwardAndBackward(hidden, mask, error);
        return block.getFlattenedGradients();
    }

    @Benchmark
    public INDArray productsAlone() {
        return products.run();
    }
}
