package io.github.skydl4j.cli;

import io.github.skydl4j.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** A trained network as DL4J's {@link ModelSerializer} writes it, and beside it the vocabulary it was trained with. */
record SavedModel(Path network) {
    /** For {@code model.zip} that is {@code model.vocab.txt}. */
    Path vocabulary() {
        String name = network.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return network.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".vocab.txt");
    }

    void write(ComputationGraph trained, Vocabulary words) throws IOException {
        ModelSerializer.writeModel(trained, network.toFile(), true);
        words.save(vocabulary());
    }
}
