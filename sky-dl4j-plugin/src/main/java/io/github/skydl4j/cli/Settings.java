package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A configuration file with the {@code --set} options laid over it. Remembers which keys were asked for, so that the
 * others can be refused, and where every value came from. Confined to one thread.
 */
final class Settings {
    private final Path file;
    private final ObjectNode tree;
    private final Map<String, Integer> lines;
    private final List<Assignment> assignments;
    /** Paths without the places in lists, such as {@code workers[].slowdown}. */
    private final Set<String> known = new TreeSet<>();

    private Settings(Path file, ObjectNode tree, Map<String, Integer> lines, List<Assignment> assignments) {
        this.file = file;
        this.tree = tree;
        this.lines = lines;
        this.assignments = List.copyOf(assignments);
    }

    /** Reads {@code file} and applies {@code assignments} in their order. */
    static Settings read(Path file, List<Assignment> assignments) {
        YamlText yaml = YamlText.parse(text(file), file.toString());
        if (!(yaml.tree() instanceof ObjectNode tree)) {
            throw new ConfigException(file + ": found " + Found.text(yaml.tree())
                    + ", expected keys and values, such as those of config-templates/quickstart.yaml");
        }
        assignments.forEach(assignment -> assignment.applyTo(tree));
        return new Settings(file, tree, yaml.lines(), assignments);
    }

    Path file() {
        return file;
    }

    /** A copy of the values, those of {@code --set} included. */
    ObjectNode tree() {
        return tree.deepCopy();
    }

    Section root() {
        return new Section(this, "", tree);
    }

    /** Notes that {@code path} means something. */
    void know(String path) {
        known.add(withoutPlaces(path));
    }

    /** The {@code --set} that the value at {@code path} came from, if it came from one. */
    Optional<Assignment> assignment(String path) {
        return assignments.stream()
                .filter(assignment -> isWithin(path, assignment.key()))
                .reduce((earlier, later) -> later);
    }

    /** A refusal of what stands at {@code path}, with its place. */
    ConfigException error(String path, String message) {
        Integer line = lines.get(path);
        boolean isAssigned = assignment(path).isPresent()
                || (line == null && assignments.stream().anyMatch(assignment -> isWithin(assignment.key(), path)));
        String place = isAssigned ? "--set " : file + (line == null ? ": " : ":" + line + ": ");
        return new ConfigException(place + (path.isEmpty() ? "" : path + ": ") + message);
    }

    /** Refuses the first key that nobody asked for. */
    void rejectUnknownKeys() {
        rejectUnknownKeys("", tree);
    }

    private void rejectUnknownKeys(String path, JsonNode node) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (!known.contains(withoutPlaces(child))) {
                throw unknownKey(path, child, field.getKey());
            }
            rejectUnknownKeys(child, field.getValue());
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            rejectUnknownKeys(path + "[" + i + "]", node.get(i));
        }
    }

    private ConfigException unknownKey(String parent, String path, String name) {
        List<String> allowed = childrenOf(withoutPlaces(parent));
        String guess = Spelling.nearest(name, allowed)
                .map(near -> parent.isEmpty() ? near : parent + "." + near)
                .or(() -> elsewhere(name))
                .map(near -> "did you mean " + near + "? ")
                .orElse("");
        String list = allowed.isEmpty() ? "no keys are allowed here" : "allowed are " + String.join(", ", allowed);
        return error(path, "unknown key; " + guess + list);
    }

    private List<String> childrenOf(String parent) {
        String prefix = parent.isEmpty() ? "" : parent + ".";
        List<String> children = new ArrayList<>();
        for (String key : known) {
            String rest = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
            if (!rest.isEmpty() && rest.indexOf('.') < 0) {
                children.add(rest);
            }
        }
        return children;
    }

    /** The same key in another section. */
    private Optional<String> elsewhere(String name) {
        return known.stream().filter(key -> key.endsWith("." + name)).findFirst();
    }

    private static String withoutPlaces(String path) {
        return path.replaceAll("\\[[0-9]+]", "[]");
    }

    private static boolean isWithin(String path, String ancestor) {
        return path.startsWith(ancestor)
                && (path.length() == ancestor.length() || ".[".indexOf(path.charAt(ancestor.length())) >= 0);
    }

    private static String text(Path file) {
        if (!Files.exists(file)) {
            throw new ConfigException(file + " does not exist, seen from "
                    + Path.of("").toAbsolutePath() + ": name a configuration file, such as"
                    + " config-templates/quickstart.yaml");
        }
        if (Files.isDirectory(file)) {
            throw new ConfigException(file + " is a folder: name a configuration file in it");
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": not YAML: the file is not UTF-8 text", e);
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e, e);
        }
    }
}
