package io.github.skydl4j.bert;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Classifier dropout of all tokens, {@code [batch, time, hidden]}; without parameters. */
public final class BertDropout extends BertUnit {
    private static final long serialVersionUID = 1L;

    @JsonCreator
    public BertDropout(@JsonProperty("config") BertConfig config, @JsonProperty("training") TrainingSettings training) {
        super(config, training, 1);
    }

    @Override
    ParameterLayout layout() {
        return new ParameterLayout(List.of());
    }

    @Override
    BertUnitVertex vertex(BertUnitVertex.Placement placement, @Nullable INDArray parameterView) {
        return new DropoutVertex(this, placement, parameterView);
    }

    @Override
    public BertDropout clone() {
        return new BertDropout(config(), training().copy());
    }
}
