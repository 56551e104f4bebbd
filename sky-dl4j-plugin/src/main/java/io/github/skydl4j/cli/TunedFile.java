package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.Network;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.tune.TrialPlan;
import io.github.skydl4j.tune.TuningResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A configuration with what a search has found in it: the same keys otherwise, and paths that lead to the same files. */
final class TunedFile {
    private static final Map<String, List<String>> INPUTS =
            Map.of("data", List.of("dir", "train", "dev"), "vocabulary", List.of("file"));
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();

    private final Settings settings;
    private final PipelineConfig pipeline;
    private final TuningResult result;

    TunedFile(Settings settings, PipelineConfig pipeline, TuningResult result) {
        this.settings = settings;
        this.pipeline = pipeline;
        this.result = result;
    }

    /** Writes beside the file and moves it there, so that there is never half a file. */
    void write(Path file) throws IOException {
        ObjectNode tree = settings.tree();
        inputs(tree, file);
        tuned(tree);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, head() + YAML.writeValueAsString(tree));
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private String head() {
        return String.format(
                Locale.ROOT,
                "# %s, tuned: a step of %s, %.1f %% faster than the plan's; the noise of the runs is %.1f %%.%n",
                settings.file().getFileName(),
                Durations.millis(result.best().stepNanos() / 1e6),
                result.gain() * 100,
                result.noise() * 100);
    }

    private void tuned(ObjectNode tree) {
        TrialPlan best = result.best().plan();
        tree.remove("planner");
        tree.put("schedule", best.schedule().label());
        tree.withObjectProperty("training")
                .put("microBatches", best.microBatches())
                .put("recompute", best.recompute());
        ArrayNode stages = tree.putArray("allocation");
        List<StagePlan> plans = best.stages();
        for (int s = 0; s < plans.size(); s++) {
            stages.addObject()
                    .put("worker", pipeline.workers().get(plans.get(s).worker()).name())
                    .put("units", plans.get(s).units())
                    .put("inFlight", best.inFlight().get(s));
        }
        if (best.revision() > 0) {
            tree.set("workers", workers(tree.path("workers")));
        }
        best.wire().type().ifPresent(type -> {
            tree.put("wire", type.label());
            tree.path("workers").forEach(worker -> ((ObjectNode) worker).remove("wire"));
        });
    }

    /** One entry for each worker, with what was measured of it. */
    private ArrayNode workers(JsonNode listed) {
        ArrayNode workers = YAML.createArrayNode();
        if (listed.isEmpty()) {
            pipeline.workers().forEach(worker -> workers.addObject().put("name", worker.name()));
        }
        for (JsonNode entry : listed) {
            int count = entry.path("count").asInt(1);
            for (int copy = 0; copy < count; copy++) {
                ObjectNode worker = entry.deepCopy();
                worker.remove("count");
                worker.put("name", pipeline.workers().get(workers.size()).name());
                workers.add(worker);
            }
        }
        for (int w = 0; w < workers.size(); w++) {
            ((ObjectNode) workers.get(w)).set("measured", measured(w));
        }
        return workers;
    }

    private ObjectNode measured(int worker) {
        Cluster cluster = result.order().cluster();
        ObjectNode measured = YAML.createObjectNode();
        measured.put("slowdown", rounded(cluster.worker(worker).slowness() / pipeline.dilation() - 1));
        Link believed = pipeline.workers().get(worker).link();
        Link link =
                cluster.network() instanceof Network.UpLinks own ? own.links().get(worker) : believed;
        if (Double.isFinite(link.bytesPerSecond())) {
            measured.put("bandwidth", rounded(link.bytesPerSecond() * pipeline.dilation() / 1e6) + " MB/s");
        }
        if (link.latencyNanos() > 0) {
            measured.put("latency", rounded(link.latencyNanos() / pipeline.dilation() / 1e6) + " ms");
        }
        return measured;
    }

    private static BigDecimal rounded(double value) {
        BigDecimal brief =
                BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP).stripTrailingZeros();
        return brief.scale() < 0 ? brief.setScale(0) : brief; // 50, not 5E+1
    }

    /** Paths of files to read, seen from the folder of the file that is written. */
    private void inputs(ObjectNode tree, Path file) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent(), "a file has a folder");
        INPUTS.forEach((section, keys) -> {
            if (tree.get(section) instanceof ObjectNode values) {
                for (String key : keys) {
                    settings.root()
                            .section(section)
                            .inputPath(key)
                            .ifPresent(path -> values.put(
                                    key,
                                    folder.relativize(path.toAbsolutePath().normalize())
                                            .toString()));
                }
            }
        });
    }
}
