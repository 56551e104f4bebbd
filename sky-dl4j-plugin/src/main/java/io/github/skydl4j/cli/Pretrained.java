package io.github.skydl4j.cli;

import io.github.skydl4j.bert.BertCheckpoint;
import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A folder in HuggingFace's format, as the command line takes it. */
final class Pretrained {
    private static final List<String> GIVEN_BY_IT =
            List.of("hidden", "blocks", "heads", "intermediate", "initializerRange");

    private Pretrained() {}

    /** The shape of its BERT; throws a {@link ConfigException} for a folder that is none, or for keys it contradicts. */
    static BertConfig shape(Section model, Path folder) {
        for (String key : GIVEN_BY_IT) {
            if (model.has(key)) {
                throw model.error(key, "found beside model.checkpoint, which gives it: leave out one of the two");
            }
        }
        if (!Files.isDirectory(folder)) {
            throw model.error(
                    "checkpoint",
                    "found " + folder + ", which is no folder (seen from "
                            + Path.of("").toAbsolutePath() + ")");
        }
        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            BertConfig shape = checkpoint.config();
            return model.has("dropout")
                    ? shape.toBuilder()
                            .dropout(model.number("dropout", 0, Limits.share()))
                            .build()
                    : shape;
        } catch (CheckpointException e) {
            throw model.error("checkpoint", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw model.error("checkpoint", folder + " cannot be read: " + e);
        }
    }

    /** Copies the tensors of the folder into the network and says which were there. */
    static BertCheckpoint.Report load(Path folder, ComputationGraph network) throws IOException {
        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            return checkpoint.into(network);
        }
    }
}
