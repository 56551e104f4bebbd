package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BertConfigTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrites() throws IOException {
        BertConfig config = BertConfig.builder()
                .hiddenSize(48)
                .attentionHeads(3)
                .intermediateSize(96)
                .hiddenLayers(5)
                .vocabularySize(77)
                .maxPositions(33)
                .typeVocabularySize(4)
                .labels(6)
                .layerNormEpsilon(1e-6)
                .hiddenDropout(0.2)
                .attentionDropout(0.3)
                .classifierDropout(0.4)
                .initializerRange(0.05)
                .padTokenId(-1)
                .build();

        assertThat(read(config.toJson("BertForSequenceClassification"))).isEqualTo(config);
    }

    @Test
    void takesBertBaseForWhatIsAbsent() throws IOException {
        assertThat(read("{}")).isEqualTo(BertConfig.builder().build());
    }

    @Test
    void countsLabelsByTheirNamesAndTakesHiddenDropoutForTheClassifier() throws IOException {
        BertConfig config = read("{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"},"
                + "\"hidden_dropout_prob\": 0.3, \"classifier_dropout\": null}");

        assertThat(config.labels()).isEqualTo(3);
        assertThat(config.classifierDropout()).isEqualTo(0.3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model_type\": \"roberta\"}|model_type is \"roberta\", only \"bert\" is known",
                "{\"hidden_act\": \"relu\"}|hidden_act is \"relu\", only \"gelu\" is known",
                "{\"position_embedding_type\": \"relative_key\"}|only \"absolute\" is known",
                "{\"hidden_size\": 100}|hidden_size 100 must be a multiple of num_attention_heads 12",
                "{\"hidden_size\": \"big\"}|hidden_size must be an integer, is \"big\"",
                "{\"num_hidden_layers\": 0}|num_hidden_layers must be above 0, is 0",
                "{\"hidden_dropout_prob\": 1}|hidden_dropout_prob must be in [0, 1), is 1.0",
                "{\"pad_token_id\": 30522}|pad_token_id 30522",
                "[]|is not a JSON object"
            })
    void refusesWhatItCannotComputeNamingTheField(String json, String complaint) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    private BertConfig read(String json) throws IOException {
        return BertConfig.read(Files.writeString(folder.resolve("config.json"), json));
    }
}
