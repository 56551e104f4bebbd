package io.github.skydl4j.bert;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What a masked language model does to each token before it is decoded: dense, GELU, layer norm. */
public final class BertTransform extends BertUnit {
    private static final long serialVersionUID = 1L;

    @JsonCreator
    public BertTransform(
            @JsonProperty("config") BertConfig config, @JsonProperty("training") TrainingSettings training) {
        super(config, training, 1);
    }

    @Override
    ParameterLayout layout() {
        long hidden = config().hiddenSize();
        return new ParameterLayout(List.of(
                ParameterLayout.weight(NormedSum.DENSE_WEIGHT, hidden, hidden),
                ParameterLayout.bias(NormedSum.DENSE_BIAS, hidden),
                ParameterLayout.gain(NormedSum.GAIN, hidden),
                ParameterLayout.bias(NormedSum.BIAS, hidden)));
    }

    @Override
    BertUnitVertex vertex(BertUnitVertex.Placement placement, @Nullable INDArray parameterView) {
        return new TransformVertex(this, placement, parameterView);
    }

    @Override
    public BertTransform clone() {
        return new BertTransform(config(), training().copy());
    }
}
