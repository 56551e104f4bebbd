package io.github.skydl4j.bert;

import java.util.List;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/** What DL4J's updater asks about the parameters of one vertex. */
record UnitTrainingConfig(String name, ParameterLayout layout, TrainingSettings settings) implements TrainingConfig {

    @Override
    public String getLayerName() {
        return name;
    }

    @Override
    public @Nullable List<Regularization> getRegularizationByParam(String parameter) {
        boolean weight = layout.parameter(parameter).kind() == ParameterLayout.Kind.WEIGHT;
        return weight ? settings.regularization() : null;
    }

    @Override
    public boolean isPretrainParam(String parameter) {
        return false;
    }

    @Override
    public IUpdater getUpdaterByParam(String parameter) {
        return settings.updater();
    }

    @Override
    public GradientNormalization getGradientNormalization() {
        return settings.gradientNormalization();
    }

    @Override
    public double getGradientNormalizationThreshold() {
        return settings.gradientThreshold();
    }

    @Override
    public void setDataType(DataType dataType) {
        // The vertex is told the type when it is made.
    }
}
