package io.github.skydl4j.pipeline;

import io.github.skydl4j.bert.TableRows;
import io.github.skydl4j.bert.WordGradient;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.graph.WordPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Adds up a stage's gradients over micro-batches, in the order of the micro-batches.
 *
 * <p>True gradients are sums over examples and are added. Entries that DL4J does not divide by the batch are updates, not
 * gradients (running statistics of batch normalization); they are averaged, weighted by examples. Of the gradient of word
 * embeddings only the rows that are not zero are touched. Confined to the stage thread.
 */
final class GradientSum implements AutoCloseable {
    private final INDArray sum;
    private final List<INDArray> averaged;
    private final List<Part> parts = new ArrayList<>();
    private final @Nullable WordSum words;

    /** A stretch of the gradient view and the same stretch of the sum. */
    private record Part(INDArray view, INDArray sum) {}

    /** The word gradient and its sum. */
    private record WordSum(WordGradient gradient, INDArray sum, TableRows rows) {}

    /** Creates the sum for a stage; the stage's gradient view is what is added and where the result goes. */
    GradientSum(StageGraph stage) {
        INDArray flat = stage.getFlattenedGradients();
        INDArray view = flat.reshape(flat.length());
        this.sum = Nd4j.createUninitialized(view.dataType(), view.length());
        this.averaged = stage.averagedGradients(flat);
        WordPart part = stage.words().orElse(null);
        this.words = part == null ? null : wordSum(part);
        addPart(view, 0, part == null ? view.length() : part.start());
        addPart(view, part == null ? view.length() : part.end(), view.length());
    }

    /** Takes the gradient that the view holds now. */
    void add(int index, int rows, int totalRows) {
        if (rows != totalRows) {
            averaged.forEach(update -> update.muli((double) rows / totalRows));
        }
        for (Part part : parts) {
            if (index == 0) {
                part.sum.assign(part.view);
            } else {
                part.sum.addi(part.view);
            }
        }
        if (words != null) {
            if (index == 0) {
                words.rows.clear(words.sum);
            }
            words.gradient.rows().addTo(words.gradient.table(), words.sum, words.rows);
        }
    }

    /** Puts the sum into the view. */
    void finish() {
        parts.forEach(part -> part.view.assign(part.sum));
        if (words != null) {
            words.rows.copyTo(words.sum, words.gradient.table(), words.gradient.rows());
        }
    }

    @Override
    public void close() {
        sum.close();
    }

    private WordSum wordSum(WordPart part) {
        INDArray table = part.gradient().table();
        INDArray sums = sum.get(NDArrayIndex.interval(part.start(), part.end())).reshape('c', table.shape());
        return new WordSum(part.gradient(), sums, new TableRows(table.rows()));
    }

    private void addPart(INDArray view, long start, long end) {
        if (start < end) {
            parts.add(
                    new Part(view.get(NDArrayIndex.interval(start, end)), sum.get(NDArrayIndex.interval(start, end))));
        }
    }
}
