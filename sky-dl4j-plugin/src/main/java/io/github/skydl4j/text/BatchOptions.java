package io.github.skydl4j.text;

import java.util.OptionalLong;

/**
 * How examples become batches.
 *
 * @param batchSize examples a batch; the last batch of a pass may be smaller
 * @param maxPieces pieces of an example at most, {@code [CLS]} and {@code [SEP]} included; longer ones are cut
 * @param shuffleSeed seed of the order of each pass, or none to keep the order of the set
 */
public record BatchOptions(int batchSize, int maxPieces, OptionalLong shuffleSeed, Padding padding) {
    /** How long the rows of a batch are. */
    public enum Padding {
        /** Always {@code maxPieces}. */
        FULL,
        /**
         * The longest example of the batch, rounded up to a multiple of 8. With shuffling, examples of similar length
         * come into one batch, which saves most of the padding.
         */
        LONGEST
    }

    public BatchOptions {
        if (batchSize < 1) {
            throw new TextException("batch size " + batchSize + ": at least 1 is needed");
        }
        if (maxPieces < 5) {
            throw new TextException(
                    "at most " + maxPieces + " pieces an example: at least 5 are needed, for [CLS], two "
                            + "[SEP] and a piece of each sentence");
        }
    }

    /** Batches in the order of the set, for evaluation. */
    public static BatchOptions inOrder(int batchSize, int maxPieces) {
        return new BatchOptions(batchSize, maxPieces, OptionalLong.empty(), Padding.FULL);
    }

    /** Batches in an order that differs from pass to pass, for training. */
    public static BatchOptions shuffled(int batchSize, int maxPieces, long seed) {
        return new BatchOptions(batchSize, maxPieces, OptionalLong.of(seed), Padding.FULL);
    }

    public BatchOptions withPadding(Padding newPadding) {
        return new BatchOptions(batchSize, maxPieces, shuffleSeed, newPadding);
    }
}
