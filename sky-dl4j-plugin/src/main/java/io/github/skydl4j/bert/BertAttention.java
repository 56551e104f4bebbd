package io.github.skydl4j.bert;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Self-attention with its output projection, residual and layer norm. Inputs: hidden states {@code [batch, time,
 * hidden]} and mask {@code [batch, time]}, 1 where a token is real.
 */
public final class BertAttention extends BertUnit {
    private static final long serialVersionUID = 1L;

    /** Queries, keys and values side by side: {@code [hidden, 3·hidden]}, so that one product projects all three. */
    static final String PROJECTION_WEIGHT = "qkvW";

    static final String PROJECTION_BIAS = "qkvB";

    @JsonCreator
    public BertAttention(
            @JsonProperty("config") BertConfig config, @JsonProperty("training") TrainingSettings training) {
        super(config, training, 2);
    }

    @Override
    ParameterLayout layout() {
        long hidden = config().hiddenSize();
        return new ParameterLayout(List.of(
                ParameterLayout.weight(PROJECTION_WEIGHT, hidden, 3 * hidden),
                ParameterLayout.bias(PROJECTION_BIAS, 3 * hidden),
                ParameterLayout.weight(NormedSum.DENSE_WEIGHT, hidden, hidden),
                ParameterLayout.bias(NormedSum.DENSE_BIAS, hidden),
                ParameterLayout.gain(NormedSum.GAIN, hidden),
                ParameterLayout.bias(NormedSum.BIAS, hidden)));
    }

    @Override
    BertUnitVertex vertex(BertUnitVertex.Placement placement, @Nullable INDArray parameterView) {
        return new AttentionUnitVertex(this, placement, parameterView);
    }

    @Override
    public BertAttention clone() {
        return new BertAttention(config(), training().copy());
    }
}
