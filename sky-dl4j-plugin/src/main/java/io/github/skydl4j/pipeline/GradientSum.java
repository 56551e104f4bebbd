package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.StageGraph;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Adds up a stage's gradients over micro-batches, in the order of the micro-batches.
 *
 * <p>True gradients are sums over examples and are added. Entries that DL4J does not divide by the batch are updates, not
 * gradients (running statistics of batch normalization); they are averaged, weighted by examples. Confined to the stage
 * thread.
 */
final class GradientSum implements AutoCloseable {
    private final INDArray view;
    private final INDArray sum;
    private final List<INDArray> averaged;

    /** Creates the sum for a stage; the stage's gradient view is what is added and where the result goes. */
    GradientSum(StageGraph stage) {
        INDArray flat = stage.getFlattenedGradients();
        this.view = flat.reshape(flat.length());
        this.sum = Nd4j.createUninitialized(view.dataType(), view.length());
        this.averaged = stage.averagedGradients(flat);
    }

    /** Takes the gradient that the view holds now. */
    void add(int index, int rows, int totalRows) {
        if (rows != totalRows) {
            averaged.forEach(update -> update.muli((double) rows / totalRows));
        }
        if (index == 0) {
            sum.assign(view);
        } else {
            sum.addi(view);
        }
    }

    /** Puts the sum into the view. */
    void finish() {
        view.assign(sum);
    }

    @Override
    public void close() {
        sum.close();
    }
}
