package io.github.skydl4j.bert;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.SgdUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The kernels as ND4J operations: any back end, float32 and float64.
 *
 * <p>Composed of cheap operations on purpose. ND4J's own layer norm, its softmax backward and its sum over rows take ten
 * to fifty times as long as the products with a vector of ones used here.
 */
final class Nd4jKernels implements Kernels {
    /** Added to the scores of padding: their probability is 0, and uniform in a row that has nothing else. */
    private static final double PADDING_SCORE = 1e30;

    @Override
    public void multiply(
            INDArray left,
            boolean transposeLeft,
            INDArray right,
            boolean transposeRight,
            INDArray result,
            double beta) {
        Nd4j.gemm(left, right, result, transposeLeft, transposeRight, 1, beta);
    }

    @Override
    public void addBias(INDArray x, INDArray bias) {
        x.addiRowVector(bias);
    }

    @Override
    public void add(INDArray x, INDArray y) {
        x.addi(y);
    }

    @Override
    public void columnSums(INDArray x, INDArray sums) {
        try (INDArray ones = Nd4j.ones(x.dataType(), 1, x.rows())) {
            multiply(ones, x, sums);
        }
    }

    @Override
    public void copy(INDArray source, INDArray target) {
        target.assign(source);
    }

    @Override
    public int[] integers(INDArray array) {
        return array.dup('c').data().asInt();
    }

    @Override
    public void embed(EmbeddingTables tables, EmbeddingIds ids, INDArray result) {
        Nd4j.pullRows(tables.word(), result, 1, ids.words());
        try (INDArray types = result.like()) {
            Nd4j.pullRows(tables.type(), types, 1, ids.types());
            result.addi(types);
        }
        sentences(result, ids.time()).addiRowVector(positions(tables.position(), ids.time()));
    }

    @Override
    public void embedBackward(INDArray error, EmbeddingIds ids, EmbeddingTables gradients) {
        addByIds(error, ids.words(), gradients.word());
        sumByType(error, ids.types(), gradients.type());
        gradients.position().assign(0);
        columnSums(sentences(error, ids.time()), positions(gradients.position(), ids.time()));
    }

    /** One row a sentence. */
    private static INDArray sentences(INDArray tokens, long time) {
        return tokens.reshape('c', tokens.rows() / time, time * tokens.columns());
    }

    /** The first rows of the position table in one row. */
    private static INDArray positions(INDArray table, long time) {
        return table.get(NDArrayIndex.interval(0, time), NDArrayIndex.all()).reshape('c', 1, time * table.columns());
    }

    /** Adds rows to the rows of a table by their ids, in order: the operation's lock keeps it to one thread. */
    private static void addByIds(INDArray rows, int[] ids, INDArray table) {
        try (INDArray indices = Nd4j.createFromArray(ids)) {
            Nd4j.exec(DynamicCustomOp.builder("scatter_add")
                    .addInputs(table, indices, rows)
                    .addOutputs(table)
                    .addBooleanArguments(true)
                    .build());
        }
    }

    private void sumByType(INDArray rows, int[] types, INDArray table) {
        try (INDArray oneHot = Nd4j.zeros(rows.dataType(), types.length, table.rows())) {
            for (int row = 0; row < types.length; row++) {
                oneHot.putScalar(row, types[row], 1);
            }
            multiply(oneHot, true, rows, false, table, 0);
        }
    }

    @Override
    public void gather(INDArray source, int[] rows, INDArray target) {
        Nd4j.pullRows(source, target, 1, rows);
    }

    @Override
    public void scatter(INDArray source, int[] rows, INDArray target) {
        try (INDArray indices = Nd4j.createFromArray(rows)) {
            Nd4j.exec(DynamicCustomOp.builder("scatter_upd")
                    .addInputs(target, indices, source)
                    .addOutputs(target)
                    .build());
        }
    }

    @Override
    public void clearRows(INDArray table, int[] rows) {
        try (INDArray zeros = Nd4j.zeros(table.dataType(), rows.length, table.columns())) {
            scatter(zeros, rows, table);
        }
    }

    @Override
    public void addRows(INDArray source, INDArray target, int[] rows) {
        try (INDArray more = rows(source, rows);
                INDArray sum = rows(target, rows)) {
            scatter(sum.addi(more), rows, target);
        }
    }

    @Override
    public void descendRows(INDArray parameters, INDArray gradient, int[] rows, int divisor, double rate) {
        try (INDArray step = rows(gradient, rows);
                INDArray moved = rows(parameters, rows)) {
            Nd4j.exec(new SgdUpdater(step.divi(divisor), rate));
            scatter(step, rows, gradient);
            scatter(moved.subi(step), rows, parameters);
        }
    }

    private INDArray rows(INDArray table, int[] rows) {
        INDArray gathered = Nd4j.createUninitialized(table.dataType(), new long[] {rows.length, table.columns()}, 'c');
        gather(table, rows, gathered);
        return gathered;
    }

    @Override
    public void softmax(INDArray scores) {
        Nd4j.exec(new SoftMax(scores, scores, -1));
    }

    @Override
    public double crossEntropy(INDArray scores, int[] words, double[] weights) {
        Nd4j.exec(DynamicCustomOp.builder("log_softmax")
                .addInputs(scores)
                .addOutputs(scores)
                .addIntegerArguments(-1)
                .build());
        double sum = 0;
        for (int row = 0; row < words.length; row++) {
            sum -= weights[row] * scores.getDouble(row, words[row]);
        }
        Nd4j.exec(new Exp(scores, scores));
        for (int row = 0; row < words.length; row++) {
            scores.putScalar(row, words[row], scores.getDouble(row, words[row]) - 1);
        }
        try (INDArray column = Nd4j.createFromArray(weights).castTo(scores.dataType())) {
            scores.muliColumnVector(column.reshape(words.length, 1));
        }
        return sum;
    }

    @Override
    public void dropout(INDArray x, long examples, Dropout dropout) {
        if (!dropout.none()) {
            try (INDArray factors = dropout.factors(x.dataType(), examples, x.shape())) {
                x.muli(factors);
            }
        }
    }

    @Override
    public void gelu(INDArray x, INDArray bias, INDArray activation) {
        x.addiRowVector(bias);
        activation.assign(x).muli(Math.sqrt(0.5));
        Nd4j.exec(new Erf(activation, activation));
        activation.addi(1).muli(0.5);
        try (INDArray density = like(x)) {
            x.muli(x, density);
            density.muli(-0.5);
            Nd4j.exec(new Exp(density, density));
            density.muli(1 / Math.sqrt(2 * Math.PI)).muli(x).addi(activation);
            activation.muli(x);
            x.assign(density);
        }
    }

    @Override
    public void geluBackward(INDArray slope, INDArray error, INDArray biasGradient) {
        error.muli(slope);
        columnSums(error, biasGradient);
    }

    @Override
    public void layerNorm(
            INDArray x, INDArray gain, INDArray bias, double epsilon, INDArray inverseDeviation, INDArray result) {
        rowMeans(x, inverseDeviation);
        x.subiColumnVector(inverseDeviation);
        x.muli(x, result);
        rowMeans(result, inverseDeviation);
        Transforms.sqrt(inverseDeviation.addi(epsilon), false).rdivi(1);
        x.muliColumnVector(inverseDeviation);
        result.assign(x).muliRowVector(gain).addiRowVector(bias);
    }

    @Override
    public void layerNormBackward(
            INDArray error, Normalized normalized, LayerNormGradients gradients, INDArray inputError) {
        INDArray input = normalized.input();
        columnSums(error, gradients.bias());
        error.muli(input, inputError);
        columnSums(inputError, gradients.gain());
        try (INDArray mean = Nd4j.createUninitialized(input.dataType(), input.rows(), 1);
                INDArray projection = like(input)) {
            inputError.muliRowVector(normalized.gain());
            rowMeans(inputError, mean);
            projection.assign(input).muliColumnVector(mean);
            inputError.assign(error).muliRowVector(normalized.gain());
            rowMeans(inputError, mean);
            inputError.subiColumnVector(mean).subi(projection).muliColumnVector(normalized.inverseDeviation());
        }
    }

    @Override
    public void attention(
            AttentionShape shape,
            INDArray projected,
            INDArray mask,
            Dropout dropout,
            INDArray probabilities,
            INDArray context) {
        INDArray scores = square(shape, probabilities);
        product(heads(shape, projected, 0), heads(shape, projected, 1), scores, false, true);
        probabilities.muli(shape.scale());
        try (INDArray padding = mask.sub(1)) {
            padding.muli(PADDING_SCORE);
            scores.addi(padding.reshape('c', shape.batch(), 1, 1, shape.time()));
        }
        Nd4j.exec(new SoftMax(probabilities, probabilities, -1));
        try (INDArray used = used(shape, dropout, probabilities)) {
            product(square(shape, used), heads(shape, projected, 2), heads(shape, context, 0), false, false);
        }
    }

    @Override
    public void attentionBackward(
            AttentionShape shape,
            INDArray projected,
            Dropout dropout,
            INDArray probabilities,
            INDArray contextError,
            INDArray projectedError) {
        INDArray error = heads(shape, contextError, 0);
        try (INDArray used = used(shape, dropout, probabilities)) {
            product(square(shape, used), error, heads(shape, projectedError, 2), true, false);
        }
        try (INDArray scoreErrors = like(probabilities)) {
            INDArray blocks = square(shape, scoreErrors);
            product(error, heads(shape, projected, 2), blocks, false, true);
            dropout(scoreErrors, shape.batch(), dropout);
            softmaxBackward(probabilities, scoreErrors);
            scoreErrors.muli(shape.scale());
            product(blocks, heads(shape, projected, 1), heads(shape, projectedError, 0), false, false);
            product(blocks, heads(shape, projected, 0), heads(shape, projectedError, 1), true, false);
        }
    }

    @Override
    public void adam(AdamStep step, INDArray gradient, INDArray mean, INDArray square) {
        Nd4j.exec(new AdamUpdater(
                gradient.reshape(square.shape()),
                square,
                mean,
                step.learningRate(),
                step.beta1(),
                step.beta2(),
                step.epsilon(),
                step.iteration()));
    }

    /** A copy of the probabilities after dropout. */
    private INDArray used(AttentionShape shape, Dropout dropout, INDArray probabilities) {
        INDArray used = probabilities.dup('c');
        dropout(used, shape.batch(), dropout);
        return used;
    }

    private static INDArray square(AttentionShape shape, INDArray rows) {
        return rows.reshape('c', shape.batch(), shape.heads(), shape.time(), shape.time());
    }

    /** Turns errors of probabilities into errors of scores: p · (e - Σ p e). */
    private void softmaxBackward(INDArray probabilities, INDArray errors) {
        try (INDArray products = probabilities.mul(errors);
                INDArray sums = Nd4j.createUninitialized(errors.dataType(), errors.rows(), 1);
                INDArray ones = Nd4j.ones(errors.dataType(), errors.columns(), 1)) {
            multiply(products, ones, sums);
            errors.subiColumnVector(sums).muli(probabilities);
        }
    }

    /** The heads of part 0, 1, ... of a matrix with one row a token, as a view {@code [batch, heads, time, size]}. */
    private static INDArray heads(AttentionShape shape, INDArray matrix, int part) {
        long first = part * shape.hidden();
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(first, first + shape.hidden()))
                .reshape('c', shape.batch(), shape.time(), shape.heads(), shape.headSize())
                .permute(0, 2, 1, 3);
    }

    private static void product(
            INDArray left, INDArray right, INDArray result, boolean transposeLeft, boolean transposeRight) {
        MMulTranspose transpose = MMulTranspose.builder()
                .transposeA(transposeLeft)
                .transposeB(transposeRight)
                .build();
        Nd4j.exec(new Mmul(left, right, result, transpose));
    }

    private void rowMeans(INDArray x, INDArray means) {
        try (INDArray share = Nd4j.valueArrayOf(new long[] {x.columns(), 1}, 1.0 / x.columns(), x.dataType())) {
            multiply(x, share, means);
        }
    }

    private static INDArray like(INDArray x) {
        return Nd4j.createUninitialized(x.dataType(), x.shape(), 'c');
    }
}
