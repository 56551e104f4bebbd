package io.github.skydl4j.bench;

import io.github.skydl4j.bert.BertConfig;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The matrix products of a block's forward and backward and nothing else, each into a result that is there. */
final class MatrixProducts {
    private final List<Product> products = new ArrayList<>();

    /** {@code result = left · right}, done a number of times. */
    private record Product(INDArray left, INDArray right, INDArray result, int times) {
        void run() {
            for (int i = 0; i < times; i++) {
                Nd4j.gemm(left, right, result, false, false, 1, 0);
            }
        }
    }

    MatrixProducts(BertConfig config, int batch, int time) {
        int tokens = batch * time;
        int hidden = config.hiddenSize();
        int heads = batch * config.attentionHeads();
        addDense(tokens, hidden, 3 * hidden);
        addDense(tokens, hidden, hidden);
        addDense(tokens, hidden, config.intermediateSize());
        addDense(tokens, config.intermediateSize(), hidden);
        // Scores and context of each head: one product forward, two backward.
        add(time, config.headSize(), time, 2 * heads);
        add(time, time, config.headSize(), 4 * heads);
    }

    INDArray run() {
        products.forEach(Product::run);
        return products.get(0).result();
    }

    /** Output, gradient of the weight, error of the input. */
    private void addDense(int tokens, int in, int out) {
        add(tokens, in, out, 1);
        add(in, tokens, out, 1);
        add(tokens, out, in, 1);
    }

    private void add(int rows, int inner, int columns, int times) {
        INDArray left = Nd4j.randn(DataType.FLOAT, rows, inner);
        INDArray right = Nd4j.randn(DataType.FLOAT, inner, columns);
        products.add(new Product(left, right, Nd4j.create(DataType.FLOAT, rows, columns), times));
    }
}
