package io.github.skydl4j.spark;

import io.github.skydl4j.plan.Network;
import org.nd4j.shade.jackson.annotation.JsonSubTypes;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLFactory;

/**
 * Options as text, by the Jackson that DL4J brings with it: Spark has another version on its class path. Thread-safe.
 */
final class MasterFormat {
    static final MasterFormat JSON = new MasterFormat("JSON", new JsonFactory());
    static final MasterFormat YAML = new MasterFormat("YAML", new YAMLFactory());

    /** The kinds of networks between workers, by what they are called in the text. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Network.Uniform.class, name = "uniform"),
        @JsonSubTypes.Type(value = Network.UpLinks.class, name = "upLinks"),
        @JsonSubTypes.Type(value = Network.Pairs.class, name = "pairs")
    })
    private interface KindOfNetwork {}

    private final String name;
    private final ObjectMapper mapper;

    private MasterFormat(String name, JsonFactory factory) {
        this.name = name;
        mapper = new ObjectMapper(factory)
                .addMixIn(Network.class, KindOfNetwork.class)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    String write(MasterOptions options) {
        try {
            return mapper.writeValueAsString(options);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the options could not be written", e);
        }
    }

    MasterOptions read(String text) {
        try {
            return mapper.readValue(text, MasterOptions.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a SkyTrainingMaster as " + name + ": " + e.getOriginalMessage(), e);
        }
    }
}
