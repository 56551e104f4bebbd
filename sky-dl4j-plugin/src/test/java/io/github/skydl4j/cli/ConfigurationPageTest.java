package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page for users lists every key that the program knows. */
class ConfigurationPageTest {
    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "model.",
                "data.",
                "data.columns.",
                "vocabulary.",
                "training.",
                "workers[0].",
                "emulation.",
                "profile.",
                "cluster.",
                "cluster.snapshot."
            })
    void describesEveryKeyOfASection(String section) throws IOException {
        String page = Files.readString(ROOT.resolve("docs/configuration.md"));
        String prefix = section.replace("[0]", "[]");
        assertThat(allowedKeys(section))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(page)
                        .containsAnyOf("`" + prefix + key + "`", "`" + prefix + key + ".", "`" + prefix + key + "[]."));
    }

    private static List<String> allowedKeys(String section) {
        CommandLineRun run = CommandLineRun.of(
                "train", ROOT.resolve("config-templates/quickstart.yaml").toString(), "--set", section + "qqqqqqqqq=1");
        String line = run.errors().get(0);
        String list = line.substring(line.indexOf("allowed are ") + "allowed are ".length());
        return List.of(list.split(", "));
    }
}
