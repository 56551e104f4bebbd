package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The CPU kernels against ND4J operations, on sizes that do and do not fill vectors. */
class KernelsTest {
    private static final double TOLERANCE = 1e-5;
    private final Kernels nd4j = KernelChoice.nd4j();
    private final Random random = new Random(17);

    @BeforeEach
    void needsTheVectorModule() {
        String obstacle = KernelChoice.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 7", "5, 16", "9, 50", "4, 129"})
    void geluAgrees(int rows, int columns) {
        assertAgreement((kernels, arrays) -> {
            INDArray x = arrays.matrix(rows, columns).muli(3);
            INDArray activation = arrays.matrix(rows, columns);
            INDArray error = arrays.matrix(rows, columns);
            INDArray biasGradient = arrays.matrix(1, columns);
            kernels.gelu(x, arrays.matrix(1, columns), activation);
            kernels.geluBackward(x, error, biasGradient);
            return List.of(x, activation, error, biasGradient);
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "3, 7", "5, 16", "9, 50", "4, 129"})
    void layerNormAgrees(int rows, int columns) {
        assertAgreement((kernels, arrays) -> {
            INDArray x = arrays.matrix(rows, columns).addi(2);
            INDArray gain = arrays.matrix(1, columns);
            INDArray inverseDeviation = arrays.matrix(rows, 1);
            INDArray result = arrays.matrix(rows, columns);
            kernels.layerNorm(x, gain, arrays.matrix(1, columns), 1e-3, inverseDeviation, result);
            INDArray gainGradient = arrays.matrix(1, columns);
            INDArray biasGradient = arrays.matrix(1, columns);
            INDArray inputError = arrays.matrix(rows, columns);
            kernels.layerNormBackward(
                    arrays.matrix(rows, columns),
                    new Kernels.Normalized(x, inverseDeviation, gain),
                    new Kernels.LayerNormGradients(gainGradient, biasGradient),
                    inputError);
            return List.of(x, inverseDeviation, result, gainGradient, biasGradient, inputError);
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1, 0", "2, 5, 3, 7, 0", "3, 16, 2, 8, 0.1", "2, 19, 4, 5, 0.5", "1, 33, 1, 64, 0.1"})
    void attentionAgrees(int batch, int time, int heads, int headSize, double rate) {
        AttentionShape shape = new AttentionShape(batch, time, heads, headSize);
        Dropout dropout = new Dropout(rate, 99, 3);
        int tokens = batch * time;
        int hidden = heads * headSize;
        assertAgreement((kernels, arrays) -> {
            INDArray projected = arrays.matrix(tokens, 3 * hidden);
            INDArray mask = arrays.matrix(batch, time).gt(-0.5).castTo(DataType.FLOAT);
            INDArray probabilities = arrays.matrix(tokens * heads, time);
            INDArray context = arrays.matrix(tokens, hidden);
            INDArray projectedError = arrays.matrix(tokens, 3 * hidden);
            kernels.attention(shape, projected, mask, dropout, probabilities, context);
            kernels.attentionBackward(
                    shape, projected, dropout, probabilities, arrays.matrix(tokens, hidden), projectedError);
            return List.of(probabilities, context, projectedError);
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 7, 5", "5, 16, 8", "9, 50, 31"})
    void productsAndSumsAgree(int rows, int columns, int inner) {
        assertAgreement((kernels, arrays) -> {
            INDArray plain = arrays.matrix(rows, columns);
            INDArray left = arrays.matrix(rows, columns);
            INDArray right = arrays.matrix(rows, columns);
            INDArray both = arrays.matrix(rows, columns);
            kernels.multiply(arrays.matrix(rows, inner), arrays.matrix(inner, columns), plain);
            kernels.multiply(arrays.matrix(inner, rows), true, arrays.matrix(inner, columns), false, left, 1);
            kernels.multiply(arrays.matrix(rows, inner), false, arrays.matrix(columns, inner), true, right, 0.5);
            kernels.multiply(arrays.matrix(inner, rows), true, arrays.matrix(columns, inner), true, both, 0);
            INDArray sums = arrays.matrix(1, columns);
            kernels.columnSums(plain, sums);
            kernels.addBias(left, arrays.matrix(1, columns));
            kernels.add(right, both);
            return List.of(plain, left, right, both, sums);
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 15", "3, 16", "4, 101"})
    void dropoutAgreesExactly(int examples, int elements) {
        Dropout dropout = new Dropout(0.3, 7, 2);
        INDArray x = Nd4j.ones(DataType.FLOAT, examples, elements);
        INDArray y = x.dup();

        nd4j.dropout(x, examples, dropout);
        KernelChoice.cpu().dropout(y, examples, dropout);

        assertThat(y).isEqualTo(x);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "5, 16", "7, 33", "4, 129"})
    void wordScoresAgree(int rows, int words) {
        int[] right = IntStream.range(0, rows).map(row -> row * 31 % words).toArray();
        double[] weights =
                IntStream.range(0, rows).mapToDouble(row -> 0.5 + row).toArray();
        assertAgreement((kernels, arrays) -> {
            INDArray scores = arrays.matrix(rows, words).muli(5);
            INDArray probabilities = scores.dup();
            double loss = kernels.crossEntropy(scores, right, weights);
            kernels.softmax(probabilities);
            return List.of(scores, probabilities, Nd4j.scalar((float) loss).reshape(1, 1));
        });
    }

    @ParameterizedTest
    @CsvSource({"1", "16", "37"})
    void rowsAgreeExactly(int columns) {
        int[] rows = {1, 4, 7};
        List<List<INDArray>> results = new ArrayList<>();
        for (Kernels kernels : List.of(nd4j, KernelChoice.cpu())) {
            Arrays arrays = new Arrays(new Random(columns));
            INDArray table = arrays.matrix(9, columns);
            INDArray gradient = arrays.matrix(9, columns);
            INDArray sum = arrays.matrix(9, columns);
            INDArray gathered = arrays.matrix(3, columns);
            INDArray cleared = arrays.matrix(9, columns);
            INDArray scattered = arrays.matrix(9, columns);
            kernels.addRows(table, sum, rows);
            kernels.gather(sum, rows, gathered);
            kernels.scatter(gathered, rows, scattered);
            kernels.clearRows(cleared, rows);
            kernels.descendRows(table, gradient, rows, 3, 0.1);
            results.add(List.of(table, gradient, sum, gathered, cleared, scattered));
        }
        assertThat(results.get(1)).isEqualTo(results.get(0));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "16, 1", "37, 9", "1000, 500"})
    void adamAgrees(int length, int iteration) {
        AdamStep step = new AdamStep(1e-3, 0.9, 0.999, 1e-8, iteration);
        assertAgreement((kernels, arrays) -> {
            INDArray gradient = arrays.vector(length);
            INDArray mean = arrays.vector(length);
            INDArray square = arrays.vector(length);
            square.muli(square);
            kernels.adam(step, gradient, mean, square);
            return List.of(gradient.mul(1000), mean, square);
        });
    }

    private void assertAgreement(BiFunction<Kernels, Arrays, List<INDArray>> work) {
        long seed = random.nextLong();
        List<INDArray> expected = work.apply(nd4j, new Arrays(new Random(seed)));
        List<INDArray> actual = work.apply(KernelChoice.cpu(), new Arrays(new Random(seed)));
        for (int i = 0; i < expected.size(); i++) {
            INDArray difference = actual.get(i).sub(expected.get(i));
            double scale = Math.max(1, expected.get(i).amaxNumber().doubleValue());
            assertThat(difference.amaxNumber().doubleValue() / scale)
                    .as("result " + i)
                    .isLessThan(TOLERANCE);
        }
    }

    /** Random matrices, the same for the same seed. */
    private record Arrays(Random random) {
        INDArray matrix(int rows, int columns) {
            float[][] values = new float[rows][columns];
            for (float[] row : values) {
                for (int column = 0; column < columns; column++) {
                    row[column] = (float) random.nextGaussian();
                }
            }
            return Nd4j.createFromArray(values);
        }

        INDArray vector(int length) {
            return matrix(1, length).reshape(length);
        }
    }
}
