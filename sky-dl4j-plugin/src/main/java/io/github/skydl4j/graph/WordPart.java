package io.github.skydl4j.graph;

import io.github.skydl4j.bert.WordGradient;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The part {@code [start, end)} of a stage's flat gradient that is the word embeddings', of which few rows are not zero.
 * Confined to the stage thread.
 */
public record WordPart(WordGradient gradient, long start, long end) {

    /** Follows the word embeddings of a stage; empty where it has none. */
    static Optional<WordPart> follow(StageGraph stage) {
        return WordGradient.follow(stage).map(gradient -> {
            long start = 0;
            for (int index : stage.order()) {
                if (stage.getVertices()[index].getVertexName().equals(gradient.unit())) {
                    break;
                }
                start += stage.getVertices()[index].numParams();
            }
            return new WordPart(gradient, start, start + gradient.table().length());
        });
    }

    /** Follows a replica of the stage too. */
    void shareWith(StageGraph replica) {
        gradient.shareWith(replica.getVertex(gradient.unit()));
    }

    boolean isOf(String unit) {
        return gradient.unit().equals(unit);
    }

    /**
     * What comes after DL4J's updater: subtracts its steps, of the words by row where that is all there is to do.
     *
     * @param divisor examples of the batch, or 1
     */
    void step(INDArray parameters, INDArray steps, int divisor, int iteration, int epoch) {
        if (gradient.descendsByRow()) {
            gradient.descend(divisor, iteration, epoch);
            subtract(parameters, steps, 0, start);
            subtract(parameters, steps, end, steps.length());
        } else {
            parameters.subi(steps);
            gradient.rows().addAll();
        }
    }

    private static void subtract(INDArray parameters, INDArray steps, long first, long end) {
        if (first < end) {
            parameters.get(NDArrayIndex.interval(first, end)).subi(steps.get(NDArrayIndex.interval(first, end)));
        }
    }
}
