package io.github.skydl4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file, checked. Immutable.
 *
 * @param task what is learned
 * @param report where the JSON report goes
 * @param save where the trained network goes
 */
record RunConfig(
        TaskKind task,
        ModelConfig model,
        DataConfig data,
        VocabularyConfig vocabulary,
        TrainingConfig training,
        PipelineConfig pipeline,
        ClusterConfig cluster,
        Optional<Path> report,
        Optional<Path> save) {

    /**
     * Reads a configuration file.
     *
     * @throws ConfigException for the first thing in it that cannot be used
     */
    static RunConfig read(Path file, List<Assignment> assignments) {
        Settings settings = Settings.read(file, assignments);
        Section root = settings.root();
        TaskKind task = root.choice("task", List.of(TaskKind.values()), TaskKind::label, TaskKind.CLASSIFICATION);
        ModelConfig model = ModelConfig.read(root.section("model"));
        RunConfig config = new RunConfig(
                task,
                model,
                DataConfig.read(root.section("data")),
                VocabularyConfig.read(root.section("vocabulary"), model.checkpoint()),
                TrainingConfig.read(root.section("training")),
                PipelineConfig.read(root, Runtime.getRuntime().availableProcessors()),
                ClusterConfig.read(root.section("cluster")),
                root.outputPath("report"),
                root.outputPath("save"));
        settings.rejectUnknownKeys();
        // After the unknown keys: where data.dir is missing, a misspelt one is the better news.
        config.data().check(root.section("data"), task);
        return config;
    }

    /** The same configuration with other outputs, where they are given. */
    RunConfig withOutputs(@Nullable Path newReport, @Nullable Path newSave) {
        return new RunConfig(
                task,
                model,
                data,
                vocabulary,
                training,
                pipeline,
                cluster,
                Optional.ofNullable(newReport).or(() -> report),
                Optional.ofNullable(newSave).or(() -> save));
    }
}
