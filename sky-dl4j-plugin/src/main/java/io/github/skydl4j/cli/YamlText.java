package io.github.skydl4j.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * YAML as a tree, and the lines on which its keys stand. Keys given twice are refused.
 *
 * @param lines line numbers from 1 by dotted path, such as {@code workers[1].slowdown}
 */
record YamlText(JsonNode tree, Map<String, Integer> lines) {
    private static final YAMLMapper MAPPER = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    /**
     * Reads the whole text.
     *
     * @param source the file or option, for messages
     */
    static YamlText parse(String text, String source) {
        try {
            return new YamlText(MAPPER.readTree(text), lines(text));
        } catch (JsonProcessingException e) {
            throw new ConfigException(source + place(text, e.getLocation()) + ": not YAML: " + problem(e), e);
        } catch (IOException e) {
            throw new ConfigException(source + ": not YAML: " + e.getMessage(), e);
        }
    }

    private static Map<String, Integer> lines(String text) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = MAPPER.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME
                        || parser.currentToken().isScalarValue()) {
                    lines.putIfAbsent(
                            path(parser.getParsingContext()),
                            parser.currentTokenLocation().getLineNr());
                }
            }
        }
        return lines;
    }

    private static String path(JsonStreamContext context) {
        if (context.inRoot()) {
            return "";
        }
        String parent = path(context.getParent());
        if (context.inArray()) {
            return parent + "[" + context.getCurrentIndex() + "]";
        }
        return parent.isEmpty() ? context.getCurrentName() : parent + "." + context.getCurrentName();
    }

    private static String place(String text, JsonLocation location) {
        return location == null || text.indexOf('\n') < 0 ? "" : ":" + location.getLineNr();
    }

    /** The parser's messages have several lines: what it was at, the problem, and between them excerpts, indented. */
    private static String problem(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .reduce((earlier, later) -> later)
                .orElse("unreadable");
    }
}
