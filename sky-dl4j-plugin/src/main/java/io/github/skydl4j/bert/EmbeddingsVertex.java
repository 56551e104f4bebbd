package io.github.skydl4j.bert;

import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Runs a {@link BertEmbeddings}. */
@SuppressWarnings("overrides") // setInputs of DL4J\'s BaseGraphVertex lacks the dots of its interface
final class EmbeddingsVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    private final transient NormedSum sum;
    private final transient BertConfig config;
    private final boolean tied;
    private transient boolean driverTies;
    private transient @Nullable WordGradient words;
    private transient Dropout dropout = Dropout.NONE;

    EmbeddingsVertex(BertEmbeddings unit, Placement placement, @Nullable INDArray parameterView) {
        super(unit, placement, parameterView);
        this.config = unit.config();
        this.tied = unit.tied();
        this.sum = new NormedSum(this, config.layerNormEpsilon());
    }

    @Override
    INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
        long batch = inputs[0].size(0);
        long time = inputs[0].size(1);
        requireKnownPositions(time);
        INDArray summed = buffer("sum", batch * time, config.hiddenSize());
        kernels.embed(tables(this::parameter), ids(time), summed);
        INDArray activations = activations(workspaces, batch, time, config.hiddenSize());
        sum.normalize(summed, tokens(activations));
        dropout = dropout(config.hiddenDropout(), 0, training);
        kernels.dropout(tokens(activations), batch, dropout);
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        long batch = error.size(0);
        long time = error.size(1);
        INDArray sumError = scratch("sumError", batch * time, config.hiddenSize());
        INDArray normError = scratch("normError", batch * time, config.hiddenSize());
        kernels.copy(tokens(error), normError);
        kernels.dropout(normError, batch, dropout);
        sum.normalizeBackward(normError, sumError);
        embedBackward(sumError, ids(time));
        return new @Nullable INDArray[] {null, null};
    }

    private void embedBackward(INDArray sumError, Kernels.EmbeddingIds ids) {
        if (words == null) {
            WordGradient.clear(this);
        } else {
            words.clear();
            words.rows().add(ids.words());
        }
        kernels.embedBackward(sumError, ids, tables(this::gradient));
        if (config.padTokenId() >= 0) {
            gradient(BertEmbeddings.WORD).getRow(config.padTokenId()).assign(0);
        }
        if (tied && !driverTies) {
            tie();
        }
    }

    /** Gives both copies of the word table the sum of their gradients; the decoder's backward came before. */
    private void tie() {
        List<INDArray> copies = TiedTables.gradients(graph);
        if (copies.size() == 2) {
            TiedTables.add(copies.get(0), copies.get(1));
            kernels.copy(copies.get(0), copies.get(1));
        }
    }

    boolean isTied() {
        return tied;
    }

    void leaveTieToDriver() {
        driverTies = true;
    }

    void follow(WordGradient gradient) {
        words = gradient;
    }

    /** Whether the words that are not in a batch keep their embeddings, and {@link WordGradient} updates the others. */
    boolean descendsByRow() {
        TrainingSettings settings = settings();
        return words != null
                && !tied
                && settings.updater().getClass() == Sgd.class
                && settings.regularization().isEmpty()
                && settings.gradientNormalization() == GradientNormalization.None;
    }

    @Override
    public TrainingConfig getConfig() {
        TrainingConfig config = super.getConfig();
        return descendsByRow() ? new WithoutWords((UnitTrainingConfig) config) : config;
    }

    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
        return !(descendsByRow() && parameter.equals(BertEmbeddings.WORD));
    }

    private static Kernels.EmbeddingTables tables(Function<String, INDArray> byName) {
        return new Kernels.EmbeddingTables(
                byName.apply(BertEmbeddings.WORD),
                byName.apply(BertEmbeddings.POSITION),
                byName.apply(BertEmbeddings.TYPE));
    }

    private Kernels.EmbeddingIds ids(long time) {
        return new Kernels.EmbeddingIds(
                ids(0, "token", config.vocabularySize()),
                ids(1, "token type", config.typeVocabularySize()),
                Math.toIntExact(time));
    }

    private int[] ids(int input, String what, int count) {
        int[] ids = kernels.integers(contiguous(inputs[input]));
        for (int id : ids) {
            if (id < 0 || id >= count) {
                throw new IllegalArgumentException(
                        "vertex %s: %s %d is not in [0, %d)".formatted(vertexName, what, id, count));
            }
        }
        return ids;
    }

    private void requireKnownPositions(long time) {
        if (time > config.maxPositions()) {
            throw new IllegalArgumentException(
                    "vertex %s: sentences of %d tokens, but there are %d positions: cut them or raise max_position_embeddings"
                            .formatted(vertexName, time, config.maxPositions()));
        }
    }

    @Override
    void release() {
        sum.release();
    }
}
