package io.github.skydl4j.cli;

import io.github.skydl4j.plan.Growth;
import io.github.skydl4j.plan.Host;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.profile.Fingerprint;
import io.github.skydl4j.profile.Machine;
import io.github.skydl4j.profile.ModelProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the JSON of a {@link ModelProfile} as strictly as a configuration, and by the same code: JSON is YAML. */
final class ProfileFile {
    private ProfileFile() {}

    /** Throws a {@link ConfigException} for the first thing in the file that cannot be used. */
    static ModelProfile read(Path file) {
        if (!Files.exists(file)) {
            throw new ConfigException("--profile: there is no file " + file + ": ./sky profile makes one");
        }
        Settings settings = Settings.read(file, List.of());
        Section root = settings.root();
        ModelProfile profile = new ModelProfile(
                fingerprint(root.section("fingerprint")),
                root.requiredCount("microBatches"),
                root.requiredCount("rows"),
                units(root),
                root.requiredCount("scratchBytes"),
                host(root.section("host")));
        settings.rejectUnknownKeys();
        return profile;
    }

    private static Fingerprint fingerprint(Section section) {
        Section machine = section.section("machine");
        return new Fingerprint(
                new Machine(
                        machine.requiredText("host"),
                        machine.requiredText("cpu"),
                        machine.requiredCount("cores"),
                        machine.requiredCount("threads"),
                        machine.requiredText("backEnd"),
                        machine.requiredText("kernels"),
                        machine.requiredText("dl4jVersion")),
                section.requiredText("modelHash"),
                section.requiredText("sampleShape"));
    }

    private static Host host(Section section) {
        return new Host(
                section.integer("cores", 1, 1),
                growth(section.section("crowded")),
                growth(section.section("lone")),
                growth(section.section("idling")),
                section.requiredCount("handOverNanos"),
                section.requiredCount("stepNanos"));
    }

    private static Growth growth(Section section) {
        return new Growth(section.number("factor", 1, Limits.aboveZero()), section.requiredCount("pieceNanos"));
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
}
