package io.github.skydl4j.bert;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Runs a {@link BertEmbeddings}. */
@SuppressWarnings("overrides") // setInputs of DL4J\'s BaseGraphVertex lacks the dots of its interface
final class EmbeddingsVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    private final transient NormedSum sum;
    private final transient BertConfig config;
    private transient Dropout dropout = Dropout.NONE;

    EmbeddingsVertex(BertEmbeddings unit, Placement placement, @Nullable INDArray parameterView) {
        super(unit, placement, parameterView);
        this.config = unit.config();
        this.sum = new NormedSum(this, config.layerNormEpsilon());
    }

    @Override
    INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
        long batch = inputs[0].size(0);
        long time = inputs[0].size(1);
        requireKnownPositions(time);
        INDArray words = buffer(batch * time, config.hiddenSize());
        Nd4j.pullRows(parameter(BertEmbeddings.WORD), words, 1, ids(0, "token", config.vocabularySize()));
        try (INDArray types = buffer(batch * time, config.hiddenSize())) {
            Nd4j.pullRows(parameter(BertEmbeddings.TYPE), types, 1, ids(1, "token type", config.typeVocabularySize()));
            words.addi(types);
        }
        INDArray examples = words.reshape('c', batch, time * config.hiddenSize());
        examples.addiRowVector(positions(parameter(BertEmbeddings.POSITION), time));
        INDArray activations = activations(workspaces, batch, time, config.hiddenSize());
        sum.normalize(words, tokens(activations));
        dropout = dropout(config.hiddenDropout(), 0, training);
        kernels.dropout(tokens(activations), batch, dropout);
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        long batch = error.size(0);
        long time = error.size(1);
        try (INDArray sumError = buffer(batch * time, config.hiddenSize());
                INDArray normError = tokens(error).dup('c')) {
            kernels.dropout(normError, batch, dropout);
            sum.normalizeBackward(normError, sumError);
            int[] words = ids(0, "token", config.vocabularySize());
            scatter(sumError, words, gradient(BertEmbeddings.WORD));
            if (config.padTokenId() >= 0) {
                gradient(BertEmbeddings.WORD).getRow(config.padTokenId()).assign(0);
            }
            int[] types = ids(1, "token type", config.typeVocabularySize());
            sumByType(sumError, types, gradient(BertEmbeddings.TYPE));
            INDArray positions = gradient(BertEmbeddings.POSITION).assign(0);
            kernels.columnSums(sumError.reshape('c', batch, time * config.hiddenSize()), positions(positions, time));
        }
        return new @Nullable INDArray[] {null, null};
    }

    /** The first rows of the position table in one row. */
    private static INDArray positions(INDArray table, long time) {
        return table.get(NDArrayIndex.interval(0, time), NDArrayIndex.all()).reshape('c', 1, time * table.columns());
    }

    /** Sums rows into the rows of a table by their ids, in order: the operation's lock keeps it to one thread. */
    private static void scatter(INDArray rows, int[] ids, INDArray table) {
        table.assign(0);
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
            kernels.multiply(oneHot, true, rows, false, table, 0);
        }
    }

    private int[] ids(int input, String what, int count) {
        int[] ids;
        try (INDArray copy = inputs[input].dup('c')) {
            ids = copy.data().asInt();
        }
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
