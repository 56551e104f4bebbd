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

    private ProductRatio() {}

    public static void main(String[] arguments) {
        int batch = Integer.parseInt(arguments[0]);
        BertConfig config =
                BertConfig.builder().dropout(Double.parseDouble(arguments[1])).build();
        BertBlock block = new BertBlock(config);
        MatrixProducts products = new MatrixProducts(config, batch, TIME);
        INDArray hidden = Nd4j.randn(DataType.FLOAT, batch, TIME, config.hiddenSize());
        INDArray error = Nd4j.randn(DataType.FLOAT, batch, TIME, config.hiddenSize());
        INDArray mask = Nd4j.ones(DataType.FLOAT, batch, TIME);
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
        double ofBlock = median(blockMillis);
        double ofProducts = median(productMillis);
        System.out.printf(
                "block %.0f ms, products alone %.0f ms, ratio %.3f%n", ofBlock, ofProducts, ofBlock / ofProducts);
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
