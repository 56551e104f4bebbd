package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.skydl4j.plan.UnitProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link ModelProfile} as JSON. It is read as strictly as a configuration, and by the same code: JSON is YAML. */
final class ProfileFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ProfileFile() {}

    static void write(Path file, ModelProfile profile) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.set("fingerprint", JSON.valueToTree(profile.fingerprint()));
        json.put("microBatches", profile.microBatches());
        json.put("rows", profile.rows());
        profile.units().forEach(unit -> json.withArray("units").add(json(unit)));
        Files.writeString(file, JSON.writeValueAsString(json) + "\n");
    }

    /** Throws a {@link ConfigException} for the first thing in the file that cannot be used. */
    static ModelProfile read(Path file) {
        if (!Files.exists(file)) {
            throw new ConfigException("--profile: there is no file " + file + ": ./sky profile makes one");
        }
        Settings settings = Settings.read(file, List.of());
        Section root = settings.root();
        ModelProfile profile = new ModelProfile(
                Fingerprint.read(root.section("fingerprint")),
                root.requiredCount("microBatches"),
                root.requiredCount("rows"),
                units(root));
        settings.rejectUnknownKeys();
        return profile;
    }

    private static List<UnitProfile> units(Section root) {
        List<UnitProfile> units = new ArrayList<>();
        for (Section section : root.sections("units")) {
            units.add(unit(section));
        }
        if (units.isEmpty()) {
            throw root.error("units", "found none, expected at least one");
        }
        return units;
    }

    private static UnitProfile unit(Section section) {
        return new UnitProfile(
                section.requiredText("name"),
                section.text("kind").orElse(""),
                section.requiredCount("forwardNanos"),
                section.requiredCount("backwardNanos"),
                section.requiredCount("updateNanos"),
                section.requiredCount("parameterBytes"),
                section.requiredCount("stateBytes"),
                section.requiredCount("activationBytes"),
                section.requiredCount("boundaryBytes"));
    }

    private static ObjectNode json(UnitProfile unit) {
        ObjectNode json = JSON.createObjectNode().put("name", unit.name());
        if (!unit.kind().isEmpty()) {
            json.put("kind", unit.kind());
        }
        return json.put("forwardNanos", unit.forwardNanos())
                .put("backwardNanos", unit.backwardNanos())
                .put("updateNanos", unit.updateNanos())
                .put("parameterBytes", unit.parameterBytes())
                .put("stateBytes", unit.stateBytes())
                .put("activationBytes", unit.activationBytes())
                .put("boundaryBytes", unit.boundaryBytes());
    }
}
