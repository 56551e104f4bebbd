package io.github.skydl4j.bert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The shape of a BERT: the fields of a HuggingFace {@code config.json} that change what is computed.
 *
 * <p>Immutable. Make one with {@link #builder()} (the defaults are those of bert-base-uncased) or read one with {@link
 * #read(Path)}. Only the activation {@code gelu} (by the error function) and absolute positions are known; anything
 * else is refused by name.
 *
 * @param classifierDropout dropout before the head; HuggingFace's null means {@code hiddenDropout}
 * @param padTokenId the token whose word embedding stays as it is in training, or -1 for none
 */
public record BertConfig(
        @JsonProperty("hidden_size") int hiddenSize,
        @JsonProperty("num_attention_heads") int attentionHeads,
        @JsonProperty("intermediate_size") int intermediateSize,
        @JsonProperty("num_hidden_layers") int hiddenLayers,
        @JsonProperty("vocab_size") int vocabularySize,
        @JsonProperty("max_position_embeddings") int maxPositions,
        @JsonProperty("type_vocab_size") int typeVocabularySize,
        @JsonProperty("num_labels") int labels,
        @JsonProperty("layer_norm_eps") double layerNormEpsilon,
        @JsonProperty("hidden_dropout_prob") double hiddenDropout,
        @JsonProperty("attention_probs_dropout_prob") double attentionDropout,
        @JsonProperty("classifier_dropout") double classifierDropout,
        @JsonProperty("initializer_range") double initializerRange,
        @JsonProperty("pad_token_id") int padTokenId) {

    private static final ObjectMapper JSON = new ObjectMapper();

    @JsonCreator
    public BertConfig {
        requirePositive("hidden_size", hiddenSize);
        requirePositive("num_attention_heads", attentionHeads);
        requirePositive("intermediate_size", intermediateSize);
        requirePositive("num_hidden_layers", hiddenLayers);
        requirePositive("vocab_size", vocabularySize);
        requirePositive("max_position_embeddings", maxPositions);
        requirePositive("type_vocab_size", typeVocabularySize);
        requirePositive("num_labels", labels);
        require(
                hiddenSize % attentionHeads == 0,
                "hidden_size %d must be a multiple of num_attention_heads %d".formatted(hiddenSize, attentionHeads));
        require(layerNormEpsilon > 0, "layer_norm_eps must be above 0, is " + layerNormEpsilon);
        require(initializerRange > 0, "initializer_range must be above 0, is " + initializerRange);
        requireProbability("hidden_dropout_prob", hiddenDropout);
        requireProbability("attention_probs_dropout_prob", attentionDropout);
        requireProbability("classifier_dropout", classifierDropout);
        require(
                padTokenId >= -1 && padTokenId < vocabularySize,
                "pad_token_id %d must be -1 (none) or below vocab_size %d".formatted(padTokenId, vocabularySize));
    }

    public int headSize() {
        return hiddenSize / attentionHeads;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Reads a HuggingFace {@code config.json}. Absent fields take the defaults of {@link Builder}; unknown ones are
     * ignored.
     *
     * @throws IOException if the file cannot be read or is not JSON
     * @throws IllegalArgumentException if it describes a model that is not computed here, naming the field
     */
    public static BertConfig read(Path configJson) throws IOException {
        JsonNode json = JSON.readTree(Files.readString(configJson));
        require(json.isObject(), configJson + " is not a JSON object");
        requireValue(json, "model_type", "bert");
        requireValue(json, "hidden_act", "gelu");
        requireValue(json, "position_embedding_type", "absolute");
        return new Builder().read(json).build();
    }

    /**
     * This configuration as HuggingFace's {@code config.json}.
     *
     * @param architecture HuggingFace's class, {@code BertForSequenceClassification} for one
     */
    public String toJson(String architecture) {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add(architecture);
        json.put("model_type", "bert")
                .put("hidden_act", "gelu")
                .put("position_embedding_type", "absolute")
                .put("hidden_size", hiddenSize)
                .put("num_attention_heads", attentionHeads)
                .put("intermediate_size", intermediateSize)
                .put("num_hidden_layers", hiddenLayers)
                .put("vocab_size", vocabularySize)
                .put("max_position_embeddings", maxPositions)
                .put("type_vocab_size", typeVocabularySize)
                .put("num_labels", labels)
                .put("layer_norm_eps", layerNormEpsilon)
                .put("hidden_dropout_prob", hiddenDropout)
                .put("attention_probs_dropout_prob", attentionDropout)
                .put("classifier_dropout", classifierDropout)
                .put("initializer_range", initializerRange);
        if (padTokenId >= 0) {
            json.put("pad_token_id", padTokenId);
        } else {
            json.putNull("pad_token_id");
        }
        return json.toPrettyString();
    }

    private static void requireValue(JsonNode json, String field, String known) {
        JsonNode value = json.get(field);
        require(
                value == null || value.isNull() || known.equals(value.asText()),
                "%s is %s, only \"%s\" is known".formatted(field, value, known));
    }

    private static void requirePositive(String field, int value) {
        require(value > 0, field + " must be above 0, is " + value);
    }

    private static void requireProbability(String field, double value) {
        require(value >= 0 && value < 1, field + " must be in [0, 1), is " + value);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Collects the fields; what is not set is as in bert-base-uncased with two labels. */
    public static final class Builder {
        private int hiddenSize = 768;
        private int attentionHeads = 12;
        private int intermediateSize = 3072;
        private int hiddenLayers = 12;
        private int vocabularySize = 30522;
        private int maxPositions = 512;
        private int typeVocabularySize = 2;
        private int labels = 2;
        private double layerNormEpsilon = 1e-12;
        private double hiddenDropout = 0.1;
        private double attentionDropout = 0.1;
        private double classifierDropout = -1;
        private double initializerRange = 0.02;
        private int padTokenId;

        private Builder() {}

        private Builder(BertConfig config) {
            hiddenSize = config.hiddenSize;
            attentionHeads = config.attentionHeads;
            intermediateSize = config.intermediateSize;
            hiddenLayers = config.hiddenLayers;
            vocabularySize = config.vocabularySize;
            maxPositions = config.maxPositions;
            typeVocabularySize = config.typeVocabularySize;
            labels = config.labels;
            layerNormEpsilon = config.layerNormEpsilon;
            hiddenDropout = config.hiddenDropout;
            attentionDropout = config.attentionDropout;
            classifierDropout = config.classifierDropout;
            initializerRange = config.initializerRange;
            padTokenId = config.padTokenId;
        }

        private Builder read(JsonNode json) {
            hiddenSize = integer(json, "hidden_size", hiddenSize);
            attentionHeads = integer(json, "num_attention_heads", attentionHeads);
            intermediateSize = integer(json, "intermediate_size", intermediateSize);
            hiddenLayers = integer(json, "num_hidden_layers", hiddenLayers);
            vocabularySize = integer(json, "vocab_size", vocabularySize);
            maxPositions = integer(json, "max_position_embeddings", maxPositions);
            typeVocabularySize = integer(json, "type_vocab_size", typeVocabularySize);
            // HuggingFace writes the number of labels only as the size of their name table.
            int named = json.path("id2label").size();
            labels = integer(json, "num_labels", named > 0 ? named : labels);
            layerNormEpsilon = number(json, "layer_norm_eps", layerNormEpsilon);
            hiddenDropout = number(json, "hidden_dropout_prob", hiddenDropout);
            attentionDropout = number(json, "attention_probs_dropout_prob", attentionDropout);
            classifierDropout = number(json, "classifier_dropout", classifierDropout);
            initializerRange = number(json, "initializer_range", initializerRange);
            boolean noPad = json.has("pad_token_id") && json.get("pad_token_id").isNull();
            padTokenId = noPad ? -1 : integer(json, "pad_token_id", padTokenId);
            return this;
        }

        private static int integer(JsonNode json, String field, int absent) {
            JsonNode value = json.get(field);
            if (value == null || value.isNull()) {
                return absent;
            }
            require(value.canConvertToInt() && value.isIntegralNumber(), field + " must be an integer, is " + value);
            return value.intValue();
        }

        private static double number(JsonNode json, String field, double absent) {
            JsonNode value = json.get(field);
            if (value == null || value.isNull()) {
                return absent;
            }
            require(value.isNumber(), field + " must be a number, is " + value);
            return value.doubleValue();
        }

        public Builder hiddenSize(int value) {
            hiddenSize = value;
            return this;
        }

        public Builder attentionHeads(int value) {
            attentionHeads = value;
            return this;
        }

        public Builder intermediateSize(int value) {
            intermediateSize = value;
            return this;
        }

        public Builder hiddenLayers(int value) {
            hiddenLayers = value;
            return this;
        }

        public Builder vocabularySize(int value) {
            vocabularySize = value;
            return this;
        }

        public Builder maxPositions(int value) {
            maxPositions = value;
            return this;
        }

        public Builder typeVocabularySize(int value) {
            typeVocabularySize = value;
            return this;
        }

        public Builder labels(int value) {
            labels = value;
            return this;
        }

        public Builder layerNormEpsilon(double value) {
            layerNormEpsilon = value;
            return this;
        }

        /** Dropout of embeddings and block outputs, and before the head unless {@link #classifierDropout} is set. */
        public Builder hiddenDropout(double value) {
            hiddenDropout = value;
            return this;
        }

        public Builder attentionDropout(double value) {
            attentionDropout = value;
            return this;
        }

        public Builder classifierDropout(double value) {
            classifierDropout = value;
            return this;
        }

        /** Hidden, attention and classifier dropout in one. */
        public Builder dropout(double value) {
            return hiddenDropout(value).attentionDropout(value).classifierDropout(value);
        }

        public Builder initializerRange(double value) {
            initializerRange = value;
            return this;
        }

        public Builder padTokenId(int value) {
            padTokenId = value;
            return this;
        }

        public BertConfig build() {
            return new BertConfig(
                    hiddenSize,
                    attentionHeads,
                    intermediateSize,
                    hiddenLayers,
                    vocabularySize,
                    maxPositions,
                    typeVocabularySize,
                    labels,
                    layerNormEpsilon,
                    hiddenDropout,
                    attentionDropout,
                    classifierDropout < 0 ? hiddenDropout : classifierDropout,
                    initializerRange,
                    padTokenId);
        }
    }
}
