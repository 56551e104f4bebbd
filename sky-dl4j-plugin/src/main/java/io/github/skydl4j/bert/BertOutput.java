package io.github.skydl4j.bert;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The narrowing dense part of a block, residual and layer norm. Inputs: the intermediate's activations {@code [batch,
 * time, intermediate]} and the attention's {@code [batch, time, hidden]}.
 */
public final class BertOutput extends BertUnit {
    private static final long serialVersionUID = 1L;

    @JsonCreator
    public BertOutput(@JsonProperty("config") BertConfig config, @JsonProperty("training") TrainingSettings training) {
        super(config, training, 2);
    }

    @Override
    ParameterLayout layout() {
        long hidden = config().hiddenSize();
        return new ParameterLayout(List.of(
                ParameterLayout.weight(NormedSum.DENSE_WEIGHT, config().intermediateSize(), hidden),
                ParameterLayout.bias(NormedSum.DENSE_BIAS, hidden),
                ParameterLayout.gain(NormedSum.GAIN, hidden),
                ParameterLayout.bias(NormedSum.BIAS, hidden)));
    }

    @Override
    BertUnitVertex vertex(BertUnitVertex.Placement placement, @Nullable INDArray parameterView) {
        return new OutputUnitVertex(this, placement, parameterView);
    }

    @Override
    public BertOutput clone() {
        return new BertOutput(config(), training().copy());
    }
}
