package io.github.skydl4j.spark;

import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Calls training hooks around the steps that consume these batches: before a step with its batch when the batch is taken,
 * after it when the next one is asked for. On the driver, with the whole network.
 */
final class Hooks implements Iterator<MultiDataSet> {
    private final Iterator<MultiDataSet> batches;
    private final List<TrainingHook> hooks;
    private final Model model;
    private final boolean single;
    private @Nullable MultiDataSet underWay;

    /**
     * Creates the hooks of one call of {@code fit}.
     *
     * @param single whether the data came as {@code DataSet}s, and hooks want them as such
     */
    Hooks(Iterator<MultiDataSet> batches, List<TrainingHook> hooks, Model model, boolean single) {
        this.batches = batches;
        this.hooks = List.copyOf(hooks);
        this.model = model;
        this.single = single;
    }

    @Override
    public boolean hasNext() {
        finishStep();
        return batches.hasNext();
    }

    @Override
    public MultiDataSet next() {
        finishStep();
        MultiDataSet batch = batches.next();
        for (TrainingHook hook : hooks) {
            if (single) {
                hook.preUpdate(dataSet(batch), model);
            } else {
                hook.preUpdate(batch, model);
            }
        }
        underWay = batch;
        return batch;
    }

    private void finishStep() {
        MultiDataSet done = underWay;
        underWay = null;
        if (done == null) {
            return;
        }
        for (TrainingHook hook : hooks) {
            if (single) {
                hook.postUpdate(dataSet(done), model);
            } else {
                hook.postUpdate(done, model);
            }
        }
    }

    private static DataSet dataSet(MultiDataSet batch) {
        return new DataSet(
                batch.getFeatures(0),
                batch.getLabels(0),
                first(batch.getFeaturesMaskArrays()),
                first(batch.getLabelsMaskArrays()));
    }

    private static @Nullable INDArray first(INDArray @Nullable [] arrays) {
        return arrays == null ? null : arrays[0];
    }
}
