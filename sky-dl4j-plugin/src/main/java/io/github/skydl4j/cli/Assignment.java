package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One {@code --set key=value}. Immutable.
 *
 * @param key dotted, with places in lists in brackets: {@code workers[1].slowdown}
 * @param value YAML
 */
record Assignment(String key, String value) {
    private static final Pattern NAME_AND_PLACES = Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)((?:\\[[0-9]{1,6}])*)");
    private static final Pattern PLACE = Pattern.compile("\\[([0-9]+)]");

    /** Reads {@code workers[1].slowdown=3}. */
    static Assignment parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new ConfigException("--set " + text + ": no key and \"=\" found, expected key=value such as"
                    + " training.epochs=2 or workers[1].slowdown=3");
        }
        return new Assignment(text.substring(0, equals).strip(), text.substring(equals + 1));
    }

    /** Puts the value into the tree; sections that are not there yet are made. */
    void applyTo(ObjectNode tree) {
        JsonNode node = YamlText.parse(value, source()).tree();
        List<Step> steps = steps();
        JsonNode at = tree;
        for (Step step : steps.subList(0, steps.size() - 1)) {
            at = step.in(at);
        }
        steps.get(steps.size() - 1).put(at, node);
    }

    String source() {
        return "--set " + key;
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (String part : key.split("\\.", -1)) {
            Matcher matcher = NAME_AND_PLACES.matcher(part);
            if (!matcher.matches()) {
                throw error("\"" + part + "\" is not a key, expected names with dots between them and places in lists"
                        + " in brackets, such as workers[1].slowdown");
            }
            steps.add(new Step(matcher.group(1), -1));
            Matcher place = PLACE.matcher(matcher.group(2));
            while (place.find()) {
                steps.add(new Step(null, Integer.parseInt(place.group(1))));
            }
        }
        return steps;
    }

    private ConfigException error(String message) {
        return new ConfigException(source() + ": " + message);
    }

    /** One step down: by name in a section, or by place in a list. */
    private final class Step {
        private final @Nullable String name;
        private final int place;

        private Step(@Nullable String name, int place) {
            this.name = name;
            this.place = place;
        }

        private JsonNode in(JsonNode node) {
            if (name == null) {
                return list(node, 0).get(place);
            }
            ObjectNode section = section(node);
            JsonNode child = section.get(name);
            return child == null || child.isNull() ? section.putObject(name) : child;
        }

        private void put(JsonNode node, JsonNode value) {
            if (name != null) {
                section(node).set(name, value);
                return;
            }
            ArrayNode list = list(node, 1);
            if (place == list.size()) {
                list.add(value);
            } else {
                list.set(place, value);
            }
        }

        private ObjectNode section(JsonNode node) {
            if (node instanceof ObjectNode section) {
                return section;
            }
            throw error("no key " + name + " there, found " + Found.text(node));
        }

        private ArrayNode list(JsonNode node, int more) {
            if (!(node instanceof ArrayNode list)) {
                throw error("no list to take place " + place + " of, found "
                        + (node.isEmpty() ? "nothing" : Found.text(node)));
            }
            if (place >= list.size() + more) {
                throw error("place " + place + " of a list of " + list.size() + ", allowed are 0 to "
                        + (list.size() - 1 + more));
            }
            return list;
        }
    }
}
