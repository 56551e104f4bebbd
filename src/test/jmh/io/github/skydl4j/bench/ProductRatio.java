package io.github.skydl4j.bench;

import io.github.skydl4j.bert.BertConfig;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Processor time of a BERT-base block over that of its matrix products alone, on one thread, turn by turn. Unlike wall
 * time it says something on a busy host too. Arguments: batch, dropout.
 */
final class ProductRatio {
    private static final int TIME = 128;
    private static final int WARM_UP = 10;
    private static final int ROUNDS = 30;

    private final BertBlock block;
    private final MatrixProducts products;
    private final INDArray hidden;
    private final INDArray mask;
    private final INDArray error;

    /** Medians of processor time. */
    record Millis(double block, double products) {}

    ProductRatio(int batch, double dropout) {
        BertConfig config = BertConfig.builder().dropout(dropout).build();
        block = new BertBlock(config);
        products = new MatrixProducts(config, batch, TIME);
        hidden = Nd4j.randn(DataType.FLOAT, batch, TIME, config.hiddenSize());
        error = Nd4j.randn(DataType.FLOAT, batch, TIME, config.hiddenSize());
        mask = Nd4j.ones(DataType.FLOAT, batch, TIME);
    }

    public static void main(String[] arguments) {
        Millis millis = new ProductRatio(Integer.parseInt(arguments[0]), Double.parseDouble(arguments[1])).measure();
        System.out.printf(
                "block %.0f ms, products alone %.0f ms, ratio %.3f%n",
                millis.block(), millis.products(), millis.block() / millis.products());
    }

    /** Turn by turn, so that what disturbs one disturbs the other. */
    Millis measure() {
        double[] blockMillis = new double[ROUNDS];
        double[] productMillis = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double ofBlock = cpuMillis(() -> block.forwardAndBackward(hidden, mask, error));
            double ofProducts = cpuMillis(products::run);
            if (round >= 0) {
                blockMillis[round] = ofBlock;
                productMillis[round] = ofProducts;
            }
        }
        return new Millis(median(blockMillis), median(productMillis));
    }

    private static double cpuMillis(Runnable work) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e6;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
