package io.github.skydl4j.cli;

import io.github.skydl4j.bert.BertConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The BERT to train; the keys under {@code model}.
 *
 * @param shape all of it but the labels and, without a checkpoint, the vocabulary
 * @param maxLength word pieces of an example at most, the special ones included
 * @param seed of the first weights, and of dropout
 * @param checkpoint a folder in HuggingFace's format to start from
 * @param save the folder that the trained model goes to, in the same format
 */
record ModelConfig(BertConfig shape, int maxLength, long seed, Optional<Path> checkpoint, Optional<Path> save) {
    private static final int SHORTEST = 5;
    private static final int USUAL_LENGTH = 64;
    private static final int USUAL_HEAD = 64;

    static ModelConfig read(Section section) {
        Optional<Path> checkpoint = section.inputPath("checkpoint");
        BertConfig shape =
                checkpoint.map(folder -> Pretrained.shape(section, folder)).orElseGet(() -> shape(section));
        int most = checkpoint.isPresent() ? shape.maxPositions() : Integer.MAX_VALUE;
        int maxLength = section.integer("maxLength", Math.min(USUAL_LENGTH, most), SHORTEST);
        if (maxLength > most) {
            throw section.error(
                    "maxLength", "found " + maxLength + ", expected at most " + most + ", as the checkpoint has it");
        }
        return new ModelConfig(shape, maxLength, section.seed("seed", 0), checkpoint, section.outputPath("save"));
    }

    private static BertConfig shape(Section section) {
        int hidden = section.integer("hidden", 128, 1);
        int heads = section.integer("heads", Math.max(1, hidden / USUAL_HEAD), 1);
        if (hidden % heads != 0) {
            throw section.error("heads", "found " + heads + ", expected a divisor of model.hidden, which is " + hidden);
        }
        return BertConfig.builder()
                .hiddenSize(hidden)
                .hiddenLayers(section.integer("blocks", 2, 1))
                .attentionHeads(heads)
                .intermediateSize(section.integer("intermediate", 4 * hidden, 1))
                .dropout(section.number("dropout", 0, Limits.share()))
                .initializerRange(section.number("initializerRange", 0.02, Limits.aboveZero()))
                .build();
    }

    int hidden() {
        return shape.hiddenSize();
    }

    int blocks() {
        return shape.hiddenLayers();
    }

    /**
     * The BERT for so many word pieces and labels.
     *
     * @throws ConfigException if the checkpoint's word table has fewer rows than there are pieces
     */
    BertConfig bert(int pieces, int labels) {
        BertConfig.Builder bert = shape.toBuilder().labels(labels);
        if (checkpoint.isEmpty()) {
            return bert.maxPositions(maxLength).vocabularySize(pieces).build();
        }
        if (pieces > shape.vocabularySize()) {
            throw new ConfigException(
                    "vocabulary.file: found " + pieces + " pieces, expected at most " + shape.vocabularySize() + ", as "
                            + checkpoint.get() + " has them: take the vocabulary it came with");
        }
        return bert.build();
    }
}
