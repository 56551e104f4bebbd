package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.system.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    @TempDir
    private Path temp;

    /** Builds where nothing is built yet, so that the tests find the same state. */
    @BeforeAll
    static void build() throws IOException, InterruptedException {
        assertThat(Launcher.ofRepository().run("--version").exitCode()).isZero();
    }

    @Test
    void aloneListsTheCommandsWithAnExample() throws Exception {
        Outcome outcome = Launcher.ofRepository().run();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.errors()).isEmpty();
        for (String command : List.of("train, coordinator", "plan", "profile", "tune", "worker", "key", "doctor")) {
            assertThat(outcome.output()).anyMatch(line -> line.startsWith("  " + command + " "));
        }
        assertThat(outcome.output()).anyMatch(line -> line.contains("./sky train config-templates/quickstart.yaml"));
    }

    @Test
    void passesTheExitCodeOnAndPrintsOneLine() throws Exception {
        Outcome outcome =
                Launcher.ofRepository().run("train", "config-templates/quickstart.yaml", "--set", "training.epoch=3");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors())
                .singleElement()
                .asString()
                .startsWith("sky: --set training.epoch: unknown key; did you mean training.epochs?");
    }

    @Test
    void worksFromAnyFolderThroughASymbolicLink() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("with some spaces"));
        Path link = Files.createSymbolicLink(folder.resolve("sky link"), Launcher.REPOSITORY.resolve("sky"));
        Outcome outcome = new Launcher(link, folder, Map.of()).run("--version");
        Files.delete(link);
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.output()).singleElement().asString().startsWith("Sky-DL4J ");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void worksOnAPathWithSpaces() throws Exception {
        Path copy = copyWithoutSources(temp.resolve("my own copy"));
        Path file = Files.writeString(temp.resolve("a run.yaml"), "modle: {}\n");
        Outcome outcome = Launcher.ofRepository().in(temp).run("train", "a run.yaml");
        Outcome ofCopy = new Launcher(copy.resolve("sky"), temp, Map.of()).run("train", "a run.yaml");
        assertThat(ofCopy.errors()).singleElement().asString().startsWith("sky: " + file.getFileName() + ":1: modle:");
        assertThat(ofCopy).isEqualTo(outcome);
    }

    @Test
    void saysWhatJavaIsMissing() throws Exception {
        Outcome none =
                Launcher.ofRepository().with("JAVA_HOME", temp.toString()).run();
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.errors())
                .containsExactly(
                        "sky: JAVA_HOME is " + temp + ", but there is no bin/java in it: set it to a JDK 17 or later");

        Path java = Files.createDirectory(temp.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Outcome old = Launcher.ofRepository().with("JAVA_HOME", temp.toString()).run();
        assertThat(old.exitCode()).isEqualTo(1);
        assertThat(old.errors())
                .containsExactly(
                        "sky: " + java + " is version 11.0.2: install a JDK 17 or later, or set JAVA_HOME to one");
    }

    /** The built jar is enough to run; the empty source folder is older than it. */
    private static Path copyWithoutSources(Path copy) throws IOException {
        Path module = copy.resolve("sky-dl4j-plugin");
        Path target = module.resolve("target");
        Files.createDirectories(module.resolve("src/main"));
        Files.createDirectories(target);
        Path original = Launcher.REPOSITORY.resolve("sky-dl4j-plugin");
        Files.copy(Launcher.REPOSITORY.resolve("pom.xml"), copy.resolve("pom.xml"));
        Files.copy(original.resolve("pom.xml"), module.resolve("pom.xml"));
        Files.copy(original.resolve("target/sky.classpath"), target.resolve("sky.classpath"));
        try (Stream<Path> files = Files.list(original.resolve("target"))) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Files.copy(jar, target.resolve(jar.getFileName()));
            }
        }
        Files.copy(Launcher.REPOSITORY.resolve("sky"), copy.resolve("sky"));
        return copy;
    }
}
