package io.github.skydl4j.bert;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** First token of each example through a dense tanh: {@code [batch, time, hidden]} to {@code [batch, hidden]}. */
public final class BertPooler extends BertUnit {
    private static final long serialVersionUID = 1L;

    static final String WEIGHT = "W";
    static final String BIAS = "b";

    @JsonCreator
    public BertPooler(@JsonProperty("config") BertConfig config, @JsonProperty("training") TrainingSettings training) {
        super(config, training, 1);
    }

    @Override
    ParameterLayout layout() {
        long hidden = config().hiddenSize();
        return new ParameterLayout(
                List.of(ParameterLayout.weight(WEIGHT, hidden, hidden), ParameterLayout.bias(BIAS, hidden)));
    }

    @Override
    BertUnitVertex vertex(BertUnitVertex.Placement placement, @Nullable INDArray parameterView) {
        return new PoolerVertex(this, placement, parameterView);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputTypes) {
        return InputType.feedForward(config().hiddenSize());
    }

    @Override
    public BertPooler clone() {
        return new BertPooler(config(), training().copy());
    }
}
