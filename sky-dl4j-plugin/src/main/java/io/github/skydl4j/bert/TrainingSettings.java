package io.github.skydl4j.bert;

import java.util.List;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How the parameters of a unit are trained.
 *
 * @param regularization applies to weights; biases and layer norms go free
 * @param gradientThreshold of the gradient normalization, used only by the clipping kinds
 */
public record TrainingSettings(
        @JsonProperty("updater") IUpdater updater,
        @JsonProperty("regularization") List<Regularization> regularization,
        @JsonProperty("gradientNormalization") GradientNormalization gradientNormalization,
        @JsonProperty("gradientThreshold") double gradientThreshold) {

    @JsonCreator
    public TrainingSettings {
        regularization = List.copyOf(regularization);
    }

    /** A copy that shares no updater: DL4J's updaters are mutable. */
    TrainingSettings copy() {
        return new TrainingSettings(updater.clone(), regularization, gradientNormalization, gradientThreshold);
    }
}
