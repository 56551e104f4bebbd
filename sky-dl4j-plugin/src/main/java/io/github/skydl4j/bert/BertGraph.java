package io.github.skydl4j.bert;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * Builds a BERT as a DL4J graph.
 *
 * <p>Network inputs, in this order: {@link #TOKENS} and {@link #TYPES}, ids {@code [batch, time]}, and {@link #MASK}, 1
 * where a token is real, {@code [batch, time]}. A block is three vertices, and the graph may be cut between any two:
 *
 * <pre>
 * tokens, types -> embeddings -> block0.attention -> block0.intermediate -> block0.output -> block1.attention ...
 * mask ------------------------------^     |                                     ^
 *                                          +-------------------------------------+
 * ... -> pooler -> classifier, for one answer a sentence
 * ... -> dropout -> classifier, for an answer for each token
 * ... -> transform -> decoder, for masked words
 * </pre>
 *
 * <p>DL4J's score leaves out the regularization of vertices that are not layers; the updates have it.
 */
public final class BertGraph {
    public static final String TOKENS = "tokens";
    public static final String TYPES = "types";
    public static final String MASK = "mask";
    public static final String EMBEDDINGS = "embeddings";
    public static final String POOLER = "pooler";
    public static final String CLASSIFIER = "classifier";

    /** In the place of the pooler where the head takes all tokens. */
    public static final String CLASSIFIER_DROPOUT = "dropout";

    /** The ends of a masked language model. */
    public static final String TRANSFORM = "transform";

    public static final String DECODER = "decoder";

    private final BertConfig config;
    private final Builder options;

    private BertGraph(Builder options) {
        this.config = options.config;
        this.options = options;
    }

    public static String attention(int block) {
        return "block" + block + ".attention";
    }

    public static String intermediate(int block) {
        return "block" + block + ".intermediate";
    }

    public static String output(int block) {
        return "block" + block + ".output";
    }

    /** Starts with sequence classification, Adam at 1e-4, seed 0, float32, no clipping and no regularization. */
    public static Builder builder(BertConfig config) {
        return new Builder(config);
    }

    private ComputationGraphConfiguration build() {
        boolean masked = options.head == BertHead.MASKED_WORDS;
        if (masked) {
            requireTieable(options.gradientNormalization);
        }
        ComputationGraphConfiguration.GraphBuilder graph =
                general().graphBuilder().addInputs(TOKENS, TYPES, MASK);
        graph.addVertex(EMBEDDINGS, new BertEmbeddings(config, training(), masked), TOKENS, TYPES);
        String hidden = EMBEDDINGS;
        for (int block = 0; block < config.hiddenLayers(); block++) {
            hidden = addBlock(graph, block, hidden);
        }
        String end = masked ? DECODER : CLASSIFIER;
        return graph.setOutputs(end)
                .addLayer(end, options.head.layer(config, training()), addBeforeEnd(graph, hidden))
                .build();
    }

    private String addBeforeEnd(ComputationGraphConfiguration.GraphBuilder graph, String hidden) {
        String name = switch (options.head) {
            case SEQUENCE_CLASSIFICATION, REGRESSION -> POOLER;
            case TOKEN_CLASSIFICATION -> CLASSIFIER_DROPOUT;
            case MASKED_WORDS -> TRANSFORM;
        };
        BertUnit unit = switch (options.head) {
            case SEQUENCE_CLASSIFICATION, REGRESSION -> new BertPooler(config, training());
            case TOKEN_CLASSIFICATION -> new BertDropout(config, training());
            case MASKED_WORDS -> new BertTransform(config, training());
        };
        graph.addVertex(name, unit, hidden);
        return name;
    }

    /** The norm of a layer's gradient differs between the two layers that have a copy of the word table. */
    private static void requireTieable(GradientNormalization clipping) {
        if (clipping == GradientNormalization.ClipL2PerLayer
                || clipping == GradientNormalization.RenormalizeL2PerLayer) {
            throw new IllegalArgumentException(
                    clipping + " would pull the decoder of masked words and the word table that"
                            + " it shares apart: use ClipL2PerParamType or ClipElementWiseAbsoluteValue");
        }
    }

    private String addBlock(ComputationGraphConfiguration.GraphBuilder graph, int block, String hidden) {
        graph.addVertex(attention(block), new BertAttention(config, training()), hidden, MASK);
        graph.addVertex(intermediate(block), new BertIntermediate(config, training()), attention(block));
        graph.addVertex(output(block), new BertOutput(config, training()), intermediate(block), attention(block));
        return output(block);
    }

    private NeuralNetConfiguration.Builder general() {
        NeuralNetConfiguration.Builder general = new NeuralNetConfiguration.Builder()
                .seed(options.seed)
                .dataType(options.dataType)
                .updater(options.updater)
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .gradientNormalization(options.gradientNormalization)
                .gradientNormalizationThreshold(options.gradientThreshold);
        if (options.weightDecay > 0) {
            general.weightDecay(options.weightDecay);
        }
        return options.l2 > 0 ? general.l2(options.l2) : general;
    }

    private TrainingSettings training() {
        List<Regularization> regularization = new ArrayList<>();
        if (options.l2 > 0) {
            regularization.add(new L2Regularization(options.l2));
        }
        if (options.weightDecay > 0) {
            regularization.add(new WeightDecay(options.weightDecay, true));
        }
        return new TrainingSettings(
                options.updater.clone(), regularization, options.gradientNormalization, options.gradientThreshold);
    }

    /** How the graph is trained. */
    public static final class Builder {
        private final BertConfig config;
        private BertHead head = BertHead.SEQUENCE_CLASSIFICATION;
        private IUpdater updater = FusedAdam.of(new Adam(1e-4));
        private long seed;
        private DataType dataType = DataType.FLOAT;
        private GradientNormalization gradientNormalization = GradientNormalization.None;
        private double gradientThreshold = 1;
        private double weightDecay;
        private double l2;

        private Builder(BertConfig config) {
            this.config = config;
        }

        public Builder head(BertHead value) {
            head = value;
            return this;
        }

        /** Adam is replaced by {@link FusedAdam}, which gives its numbers faster. */
        public Builder updater(IUpdater value) {
            updater = value.getClass() == Adam.class ? FusedAdam.of((Adam) value) : value;
            return this;
        }

        /** Of the weights drawn when the graph is initialized, and of dropout. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** {@link DataType#FLOAT} or {@link DataType#DOUBLE}. */
        public Builder dataType(DataType value) {
            if (value != DataType.FLOAT && value != DataType.DOUBLE) {
                throw new IllegalArgumentException("data type must be FLOAT or DOUBLE, is " + value);
            }
            dataType = value;
            return this;
        }

        /** DL4J's gradient normalization, vertex by vertex. */
        public Builder clip(GradientNormalization kind, double threshold) {
            gradientNormalization = kind;
            gradientThreshold = threshold;
            return this;
        }

        /** Decoupled decay of weights, times the learning rate; not of biases and layer norms. */
        public Builder weightDecay(double value) {
            weightDecay = value;
            return this;
        }

        /** L2 penalty on weights; not on biases and layer norms. */
        public Builder l2(double value) {
            l2 = value;
            return this;
        }

        public ComputationGraphConfiguration build() {
            return new BertGraph(this).build();
        }
    }
}
