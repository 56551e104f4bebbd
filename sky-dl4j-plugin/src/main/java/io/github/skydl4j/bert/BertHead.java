package io.github.skydl4j.bert;

import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a BERT is asked for: the layer at its end, {@link BertGraph#CLASSIFIER} or {@link BertGraph#DECODER}, and its loss. */
public enum BertHead {
    /** One of {@code num_labels} classes for each example; labels one-hot, {@code [batch, labels]}. */
    SEQUENCE_CLASSIFICATION {
        @Override
        BaseOutputLayer layer(BertConfig config, TrainingSettings training) {
            return finish(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX), config)
                    .build();
        }
    },

    /** {@code num_labels} numbers for each example (one, as a rule) with their mean squared error. */
    REGRESSION {
        @Override
        BaseOutputLayer layer(BertConfig config, TrainingSettings training) {
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
        BaseOutputLayer layer(BertConfig config, TrainingSettings training) {
            RnnOutputLayer.Builder builder = new RnnOutputLayer.Builder(LossFunction.MCXENT)
                    .activation(Activation.SOFTMAX)
                    .dataFormat(RNNFormat.NWC);
            return finish(builder, config).build();
        }
    },

    /**
     * A word of the vocabulary for each token that is masked: see {@link BertDecoder}, which shares the word table of the
     * embeddings. There is no pooler.
     */
    MASKED_WORDS {
        @Override
        BaseOutputLayer layer(BertConfig config, TrainingSettings training) {
            return BertDecoder.of(config, training);
        }
    };

    /** The head of a graph of {@link BertGraph}; regression looks like sequence classification. */
    static BertHead of(ComputationGraph graph) {
        if (graph.getVertex(BertGraph.DECODER) != null) {
            return MASKED_WORDS;
        }
        return graph.getVertex(BertGraph.POOLER) != null ? SEQUENCE_CLASSIFICATION : TOKEN_CLASSIFICATION;
    }

    /** Its vertices with parameters. */
    Set<String> vertices() {
        return switch (this) {
            case SEQUENCE_CLASSIFICATION, REGRESSION -> Set.of(BertGraph.POOLER, BertGraph.CLASSIFIER);
            case TOKEN_CLASSIFICATION -> Set.of(BertGraph.CLASSIFIER);
            case MASKED_WORDS -> Set.of(BertGraph.TRANSFORM, BertGraph.DECODER);
        };
    }

    abstract BaseOutputLayer layer(BertConfig config, TrainingSettings training);

    /** HuggingFace's class for it. */
    String architecture() {
        return switch (this) {
            case SEQUENCE_CLASSIFICATION, REGRESSION -> "BertForSequenceClassification";
            case TOKEN_CLASSIFICATION -> "BertForTokenClassification";
            case MASKED_WORDS -> "BertForMaskedLM";
        };
    }

    private static <T extends BaseOutputLayer.Builder<T>> T finish(T builder, BertConfig config) {
        return builder.nIn(config.hiddenSize())
                .nOut(config.labels())
                .weightInit(new NormalDistribution(0, config.initializerRange()))
                .biasInit(0);
    }
}
