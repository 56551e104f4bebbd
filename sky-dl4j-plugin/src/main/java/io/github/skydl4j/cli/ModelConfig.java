package io.github.skydl4j.cli;

import io.github.skydl4j.bert.BertConfig;

/**
 * The shape of the BERT to train; the keys under {@code model}.
 *
 * @param maxLength word pieces of an example at most, the special ones included
 * @param dropout of embeddings, attention and block outputs; 0 for none
 * @param seed of the first weights, and of dropout
 */
record ModelConfig(
        int hidden,
        int blocks,
        int heads,
        int intermediate,
        int maxLength,
        double dropout,
        double initializerRange,
        long seed) {
    private static final int SHORTEST = 5;
    private static final int USUAL_HEAD = 64;

    static ModelConfig read(Section section) {
        int hidden = section.integer("hidden", 128, 1);
        int heads = section.integer("heads", Math.max(1, hidden / USUAL_HEAD), 1);
        if (hidden % heads != 0) {
            throw section.error("heads", "found " + heads + ", expected a divisor of model.hidden, which is " + hidden);
        }
        return new ModelConfig(
                hidden,
                section.integer("blocks", 2, 1),
                heads,
                section.integer("intermediate", 4 * hidden, 1),
                section.integer("maxLength", 64, SHORTEST),
                section.number("dropout", 0, Limits.share()),
                section.number("initializerRange", 0.02, Limits.aboveZero()),
                section.seed("seed", 0));
    }

    BertConfig bert(int vocabularySize, int labels) {
        return BertConfig.builder()
                .hiddenSize(hidden)
                .hiddenLayers(blocks)
                .attentionHeads(heads)
                .intermediateSize(intermediate)
                .maxPositions(maxLength)
                .initializerRange(initializerRange)
                .vocabularySize(vocabularySize)
                .labels(labels)
                .dropout(dropout)
                .build();
    }
}
