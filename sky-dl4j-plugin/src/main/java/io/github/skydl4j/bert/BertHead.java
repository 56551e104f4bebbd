package io.github.skydl4j.bert;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a BERT is asked for: the layer {@link BertGraph#CLASSIFIER} and its loss. */
public enum BertHead {
    /** One of {@code num_labels} classes for each example; labels one-hot, {@code [batch, labels]}. */
    SEQUENCE_CLASSIFICATION {
        @Override
        BaseOutputLayer layer(BertConfig config) {
            return finish(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX), config)
                    .build();
        }
    },

    /** {@code num_labels} numbers for each example (one, as a rule) with their mean squared error. */
    REGRESSION {
        @Override
        BaseOutputLayer layer(BertConfig config) {
            return finish(new OutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY), config)
                    .build();
        }
    },

    /**
     * One of {@code num_labels} classes for each token; labels one-hot, {@code [batch, time, labels]}, with a label mask
     * {@code [batch, time]} for padding. The score is the sum over the tokens of an example, averaged over examples, as
     * everywhere in DL4J; HuggingFace averages over tokens. There is no pooler.
     */
    TOKEN_CLASSIFICATION {
        @Override
        BaseOutputLayer layer(BertConfig config) {
            RnnOutputLayer.Builder builder = new RnnOutputLayer.Builder(LossFunction.MCXENT)
                    .activation(Activation.SOFTMAX)
                    .dataFormat(RNNFormat.NWC);
            return finish(builder, config).build();
        }
    };

    abstract BaseOutputLayer layer(BertConfig config);

    /** Whether the head takes the pooled first token, or else all tokens. */
    boolean pooled() {
        return this != TOKEN_CLASSIFICATION;
    }

    private static <T extends BaseOutputLayer.Builder<T>> T finish(T builder, BertConfig config) {
        return builder.nIn(config.hiddenSize())
                .nOut(config.labels())
                .weightInit(new NormalDistribution(0, config.initializerRange()))
                .biasInit(0);
    }
}
