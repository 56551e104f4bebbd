package io.github.skydl4j.bert;

import java.util.List;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The widening dense part of a block with its GELU. Input: {@code [batch, time, hidden]}. */
public final class BertIntermediate extends BertUnit {
    private static final long serialVersionUID = 1L;

    static final String WEIGHT = "W";
    static final String BIAS = "b";

    @JsonCreator
    public BertIntermediate(
            @JsonProperty("config") BertConfig config, @JsonProperty("training") TrainingSettings training) {
        super(config, training, 1);
    }

    @Override
    ParameterLayout layout() {
        return new ParameterLayout(List.of(
                ParameterLayout.weight(WEIGHT, config().hiddenSize(), config().intermediateSize()),
                ParameterLayout.bias(BIAS, config().intermediateSize())));
    }

    @Override
    BertUnitVertex vertex(BertUnitVertex.Placement placement, @Nullable INDArray parameterView) {
        return new IntermediateVertex(this, placement, parameterView);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputTypes) {
        return InputType.recurrent(config().intermediateSize(), RNNFormat.NWC);
    }

    @Override
    public BertIntermediate clone() {
        return new BertIntermediate(config(), training().copy());
    }
}
