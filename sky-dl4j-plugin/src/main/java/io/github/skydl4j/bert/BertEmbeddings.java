package io.github.skydl4j.bert;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Word, position and type embeddings, summed and normalized. Inputs: token ids and types, {@code [batch, time]}. */
public final class BertEmbeddings extends BertUnit {
    private static final long serialVersionUID = 1L;

    static final String WORD = "word";
    static final String POSITION = "position";
    static final String TYPE = "type";

    @JsonProperty("tied")
    private final boolean tied;

    /** @param tied whether a {@link BertDecoder} has a copy of the word table */
    @JsonCreator
    public BertEmbeddings(
            @JsonProperty("config") BertConfig config,
            @JsonProperty("training") TrainingSettings training,
            @JsonProperty("tied") boolean tied) {
        super(config, training, 2);
        this.tied = tied;
    }

    boolean tied() {
        return tied;
    }

    @Override
    ParameterLayout layout() {
        long hidden = config().hiddenSize();
        return new ParameterLayout(List.of(
                ParameterLayout.weight(WORD, config().vocabularySize(), hidden),
                ParameterLayout.weight(POSITION, config().maxPositions(), hidden),
                ParameterLayout.weight(TYPE, config().typeVocabularySize(), hidden),
                ParameterLayout.gain(NormedSum.GAIN, hidden),
                ParameterLayout.bias(NormedSum.BIAS, hidden)));
    }

    @Override
    BertUnitVertex vertex(BertUnitVertex.Placement placement, @Nullable INDArray parameterView) {
        return new EmbeddingsVertex(this, placement, parameterView);
    }

    @Override
    void afterInitialization(BertUnitVertex vertex, long seed) {
        if (tied) {
            TiedTables.draw(vertex.parameter(WORD), config(), seed);
        } else if (config().padTokenId() >= 0) {
            vertex.parameter(WORD).getRow(config().padTokenId()).assign(0);
        }
    }

    @Override
    public BertEmbeddings clone() {
        return new BertEmbeddings(config(), training().copy(), tied);
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && other instanceof BertEmbeddings embeddings && tied == embeddings.tied;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), tied);
    }
}
