package io.github.skydl4j.bert;

import java.util.List;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/** Tells DL4J's updater to leave the word table alone and to treat the other embeddings as before. */
record WithoutWords(UnitTrainingConfig others) implements TrainingConfig {

    @Override
    public IUpdater getUpdaterByParam(String parameter) {
        return parameter.equals(BertEmbeddings.WORD) ? new NoOp() : others.getUpdaterByParam(parameter);
    }

    @Override
    public String getLayerName() {
        return others.getLayerName();
    }

    @Override
    public @Nullable List<Regularization> getRegularizationByParam(String parameter) {
        return others.getRegularizationByParam(parameter);
    }

    @Override
    public boolean isPretrainParam(String parameter) {
        return others.isPretrainParam(parameter);
    }

    @Override
    public GradientNormalization getGradientNormalization() {
        return others.getGradientNormalization();
    }

    @Override
    public double getGradientNormalizationThreshold() {
        return others.getGradientNormalizationThreshold();
    }

    @Override
    public void setDataType(DataType dataType) {
        others.setDataType(dataType);
    }
}
