package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Says what stands where something else was expected. */
final class Found {
    private static final int SHOWN_LETTERS = 40;

    private Found() {}

    static String text(JsonNode node) {
        if (node.isObject()) {
            return "keys and values";
        }
        if (node.isArray()) {
            return "a list";
        }
        if (node.isMissingNode() || node.isNull()) {
            return "nothing";
        }
        String text = node.asText();
        String shown = text.length() <= SHOWN_LETTERS ? text : text.substring(0, SHOWN_LETTERS) + "...";
        return node.isTextual() ? "\"" + shown.replace("\n", " ") + "\"" : shown;
    }
}
