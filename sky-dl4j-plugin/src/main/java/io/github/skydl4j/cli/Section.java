package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A part of the settings: values by key, each checked where it is read. A value that is absent, or empty, has the default
 * given. Every refusal is a {@link ConfigException} with place, key, what was found and what is allowed.
 */
final class Section {
    private final Settings settings;
    private final String path;
    private final JsonNode node;

    Section(Settings settings, String path, JsonNode node) {
        this.settings = settings;
        this.path = path;
        this.node = node;
        if (!isAbsent(node) && !node.isObject()) {
            throw settings.error(path, "found " + Found.text(node) + ", expected keys and values");
        }
    }

    boolean has(String key) {
        return !isAbsent(get(key));
    }

    int integer(String key, int absent, int least) {
        return optionalInteger(key, least).orElse(absent);
    }

    OptionalInt optionalInteger(String key, int least) {
        JsonNode value = get(key);
        if (isAbsent(value)) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw unexpected(key, "a whole number, at least " + least);
        }
        return OptionalInt.of(value.intValue());
    }

    long seed(String key, long absent) {
        JsonNode value = get(key);
        if (isAbsent(value)) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw unexpected(key, "a whole number");
        }
        return value.longValue();
    }

    /** A count that must be there. */
    long requiredCount(String key) {
        JsonNode value = get(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw unexpected(key, "a whole number, at least 0");
        }
        return value.longValue();
    }

    String requiredText(String key) {
        return text(key).orElseThrow(() -> unexpected(key, "text"));
    }

    double number(String key, double absent, Limits limits) {
        JsonNode value = get(key);
        if (isAbsent(value)) {
            return absent;
        }
        double number = number(key, value, limits);
        if (!limits.allow(number)) {
            throw unexpected(key, "a number, " + limits.text());
        }
        return number;
    }

    boolean flag(String key, boolean absent) {
        JsonNode value = get(key);
        if (isAbsent(value)) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw unexpected(key, "true or false");
        }
        return value.booleanValue();
    }

    /** Text; a number or true and false count as text too, as file names and labels may look like them. */
    Optional<String> text(String key) {
        JsonNode value = get(key);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isValueNode() || value.asText().isBlank()) {
            throw unexpected(key, "text");
        }
        return Optional.of(value.asText());
    }

    /** One of {@code choices}, whose names are those of {@code label}. */
    <T> T choice(String key, List<T> choices, Function<T, String> label, T absent) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return absent;
        }
        String wanted = text.get().strip().toLowerCase(Locale.ROOT);
        List<String> labels = choices.stream().map(label).toList();
        int place = labels.indexOf(wanted);
        if (place < 0) {
            String guess = Spelling.nearest(wanted, labels)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("");
            throw unexpected(key, "one of " + String.join(", ", labels) + guess);
        }
        return choices.get(place);
    }

    double quantity(String key, Quantity quantity, double absent) {
        JsonNode value = get(key);
        if (isAbsent(value)) {
            return absent;
        }
        try {
            return quantity.parse(value.asText());
        } catch (IllegalArgumentException e) {
            throw unexpected(key, quantity.description());
        }
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : elements(key)) {
            if (!element.isValueNode() || isAbsent(element)) {
                throw unexpected(key, "a list of texts");
            }
            texts.add(element.asText());
        }
        return texts;
    }

    /** A path of something to read: as {@link #outputPath}, but in a file seen first from the folder of that file. */
    Optional<Path> inputPath(String key) {
        Optional<Path> given = outputPath(key);
        if (given.isEmpty() || settings.assignment(path(key)).isPresent()) {
            return given;
        }
        Path beside =
                settings.file().toAbsolutePath().resolveSibling(given.get()).normalize();
        return Files.exists(beside) ? Optional.of(relative(beside)) : given;
    }

    /** A path seen from the current folder. */
    Optional<Path> outputPath(String key) {
        try {
            return text(key).map(Path::of);
        } catch (java.nio.file.InvalidPathException e) {
            throw unexpected(key, "a path");
        }
    }

    /** The section under {@code key}; one without values if it is absent. */
    Section section(String key) {
        return new Section(settings, path(key), get(key));
    }

    /** The sections of the list under {@code key}; none if it is absent. */
    List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        for (JsonNode element : elements(key)) {
            sections.add(new Section(settings, path(key) + "[" + sections.size() + "]", element));
        }
        return sections;
    }

    /** A refusal of the value of {@code key}. */
    ConfigException error(String key, String message) {
        return settings.error(path(key), message);
    }

    private ConfigException unexpected(String key, String expected) {
        return error(key, "found " + Found.text(get(key)) + ", expected " + expected);
    }

    private double number(String key, JsonNode value, Limits limits) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        try {
            // For YAML 1.1, 1e-3 is text: its numbers need a dot.
            return Double.parseDouble(value.isTextual() ? value.textValue() : "none");
        } catch (NumberFormatException e) {
            throw unexpected(key, "a number, " + limits.text());
        }
    }

    private Iterable<JsonNode> elements(String key) {
        JsonNode list = get(key);
        if (!isAbsent(list) && !list.isArray()) {
            throw unexpected(key, "a list");
        }
        return list;
    }

    private JsonNode get(String key) {
        settings.know(path(key));
        JsonNode value = node.get(key);
        return value == null ? MissingNode.getInstance() : value;
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static Path relative(Path absolute) {
        Path here = Path.of("").toAbsolutePath();
        return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    }
}
