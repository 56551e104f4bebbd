package io.github.skydl4j.bert;

import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a {@link BertDecoder}: scores of the words at the tokens asked for, nothing at the others.
 *
 * <p>Confined to the stage thread. The scores, {@code [asked tokens, vocabulary]}, live only within a call.
 */
final class DecoderLayer extends BaseOutputLayer<BertDecoder> {
    private static final long serialVersionUID = 1L;

    private final transient Kernels kernels;
    /** Of the last backward, until input, labels or mask change. */
    private transient @Nullable Double lossSum;

    DecoderLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        this.kernels = KernelChoice.forType(type);
    }

    /** The gradient of the copy of the word table. */
    INDArray tableGradient() {
        return gradient(DecoderParameters.TABLE);
    }

    @Override
    @SuppressWarnings("try") // the scope is closed, not used
    public Pair<Gradient, INDArray> backpropGradient(@Nullable INDArray epsilon, LayerWorkspaceMgr workspaces) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray hidden = hidden();
            INDArray inputError = workspaces
                    .createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, hidden.shape(), 'c')
                    .assign(0);
            AskedTokens asked = asked(hidden);
            if (asked.count() == 0) {
                lossSum = 0.0;
                gradientsFlattened.assign(0);
            } else {
                backward(BertArrays.matrix(hidden), asked, BertArrays.matrix(inputError));
            }
            Gradient gradients = new DefaultGradient();
            gradientViews.forEach(gradients::setGradientFor);
            gradient = gradients;
            return new Pair<>(gradients, inputError);
        }
    }

    private void backward(INDArray hidden, AskedTokens asked, INDArray inputError) {
        INDArray table = getParam(DecoderParameters.TABLE);
        try (INDArray x = rows(hidden, asked);
                INDArray scores = scores(x);
                INDArray error =
                        Nd4j.createUninitialized(dataType, new long[] {asked.count(), hidden.columns()}, 'c')) {
            lossSum = kernels.crossEntropy(scores, asked.words(), asked.weights());
            kernels.columnSums(scores, gradient(DecoderParameters.BIAS));
            kernels.multiply(scores, true, x, false, tableGradient(), 0);
            kernels.multiply(scores, table, error);
            kernels.scatter(error, asked.rows(), inputError);
        }
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        double loss = lossSum == null ? lossSum() : lossSum;
        score = (conf().isMiniBatch() ? loss / input.size(0) : loss) + regularization;
        return score;
    }

    @Override
    @SuppressWarnings("try") // the scope is closed, not used
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray hidden = hidden();
            INDArray scores = workspaces.create(ArrayType.ACTIVATIONS, dataType, hidden.size(0), 1);
            for (int example = 0; example < hidden.size(0); example++) {
                scores.putScalar(example, 0, lossSum(hidden, asked(hidden).ofExample(example, hidden.size(1))));
            }
            return scores.addi(regularization);
        }
    }

    @SuppressWarnings("try") // the scope is closed, not used
    private double lossSum() {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray hidden = hidden();
            return lossSum(hidden, asked(hidden));
        }
    }

    private double lossSum(INDArray hidden, AskedTokens asked) {
        if (asked.count() == 0) {
            return 0;
        }
        try (INDArray x = rows(BertArrays.matrix(hidden), asked);
                INDArray scores = scores(x)) {
            return kernels.crossEntropy(scores, asked.words(), asked.weights());
        }
    }

    /** Probabilities {@code [batch, time, vocabulary]}; with a label mask, 0 where it is 0. */
    @Override
    @SuppressWarnings("try") // the scope is closed, not used
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray hidden = hidden();
            long[] shape = {hidden.size(0), hidden.size(1), layerConf().config().vocabularySize()};
            INDArray probabilities = workspaces
                    .createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c')
                    .assign(0);
            AskedTokens asked = AskedTokens.withoutWords(maskArray, shape[0], shape[1]);
            if (asked.count() > 0) {
                try (INDArray x = rows(BertArrays.matrix(hidden), asked);
                        INDArray scores = scores(x)) {
                    kernels.softmax(scores);
                    kernels.scatter(scores, asked.rows(), BertArrays.matrix(probabilities));
                }
            }
            return probabilities;
        }
    }

    private INDArray rows(INDArray hidden, AskedTokens asked) {
        INDArray rows = Nd4j.createUninitialized(dataType, new long[] {asked.count(), hidden.columns()}, 'c');
        kernels.gather(hidden, asked.rows(), rows);
        return rows;
    }

    private INDArray scores(INDArray x) {
        INDArray table = getParam(DecoderParameters.TABLE);
        INDArray scores = Nd4j.createUninitialized(dataType, new long[] {x.rows(), table.rows()}, 'c');
        kernels.multiply(x, false, table, true, scores, 0);
        kernels.addBias(scores, getParam(DecoderParameters.BIAS));
        return scores;
    }

    private AskedTokens asked(INDArray hidden) {
        if (labels == null) {
            throw new IllegalStateException("layer " + layerId() + ": no labels were given");
        }
        return AskedTokens.of(labels, maskArray, hidden.shape(), layerConf().config());
    }

    private INDArray hidden() {
        assertInputSet(false);
        return BertUnitVertex.contiguous(input.castTo(dataType));
    }

    private INDArray gradient(String name) {
        return Objects.requireNonNull(gradientViews.get(name), name);
    }

    @Override
    public void setInput(INDArray newInput, LayerWorkspaceMgr workspaces) {
        super.setInput(newInput, workspaces);
        lossSum = null;
    }

    @Override
    public void setLabels(INDArray newLabels) {
        super.setLabels(newLabels);
        lossSum = null;
    }

    @Override
    public void clear() {
        super.clear();
        lossSum = null;
    }

    @Override
    protected INDArray getLabels2d(LayerWorkspaceMgr workspaces, ArrayType type) {
        return labels;
    }
}
