package io.github.skydl4j.bert;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The end of a masked language model: from each token {@code [batch, time, hidden]} to a word of the vocabulary, with its
 * loss.
 *
 * <p>Its weight is a copy of the word table of {@link BertEmbeddings}, {@code [vocabulary, hidden]}; the two start equal
 * and stay equal, see {@link TiedTables}. Labels are word ids, {@code [batch, time]}; the label mask {@code [batch, time]}
 * is the weight of a token in the loss, 0 for those that are not asked for, which cost nothing. The loss is the weighted sum
 * of cross-entropies, divided by the examples as everywhere in DL4J: with the weight examples / asked tokens it is
 * HuggingFace's mean over tokens. Without a mask every token has weight 1.
 */
public final class BertDecoder extends BaseOutputLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty("config")
    private final BertConfig config;

    @JsonProperty("training")
    private final TrainingSettings training;

    @SuppressWarnings("unused") // DL4J's JSON begins with some values and then sets the fields
    private BertDecoder() {
        config = BertConfig.builder().build();
        training = new TrainingSettings(new NoOp(), List.of(), GradientNormalization.None, 1);
    }

    private BertDecoder(Builder builder) {
        super(builder);
        config = builder.config;
        training = builder.training;
        initializeConstraints(builder);
    }

    static BertDecoder of(BertConfig config, TrainingSettings training) {
        return new BertDecoder(new Builder(config, training));
    }

    BertConfig config() {
        return config;
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameterView,
            boolean initialize,
            DataType type) {
        DecoderLayer layer = new DecoderLayer(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameterView);
        layer.setParamTable(initializer().init(conf, parameterView, initialize));
        layer.setConf(conf);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return DecoderParameters.INSTANCE;
    }

    /** As the word table of the embeddings has it; DL4J gives a layer the network's weight decay twice. */
    @Override
    public @Nullable List<Regularization> getRegularizationByParam(String parameter) {
        return parameter.equals(DecoderParameters.TABLE) ? training.regularization() : null;
    }

    @Override
    public IUpdater getUpdaterByParam(String parameter) {
        return training.updater();
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        return InputType.recurrent(config.vocabularySize(), RNNFormat.NWC);
    }

    @Override
    public void setNIn(InputType input, boolean override) {
        // The configuration of the BERT says it.
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BertDecoder decoder
                && super.equals(other)
                && config.equals(decoder.config)
                && training.equals(decoder.training);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), config, training);
    }

    /** DL4J's way to make a layer; the loss function stands for what {@link DecoderLayer} computes. */
    private static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private final BertConfig config;
        private final TrainingSettings training;

        Builder(BertConfig config, TrainingSettings training) {
            super(LossFunction.MCXENT);
            this.config = config;
            this.training = training;
            activation(Activation.SOFTMAX);
            nIn(config.hiddenSize());
            nOut(config.vocabularySize());
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as DL4J declares it
        public <E extends Layer> E build() {
            return (E) new BertDecoder(this);
        }
    }
}
