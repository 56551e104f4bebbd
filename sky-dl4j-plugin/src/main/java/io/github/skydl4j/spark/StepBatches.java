package io.github.skydl4j.spark;

import io.github.skydl4j.pipeline.Rows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Batches of a step's size out of batches of any size: small ones are joined, large ones cut, in order; the last of an
 * epoch may be smaller. A batch that has the size already passes as it is. Not thread-safe.
 */
final class StepBatches implements Iterator<MultiDataSet> {
    private final Iterator<? extends MultiDataSet> source;
    private final int size;
    private final ArrayDeque<MultiDataSet> held = new ArrayDeque<>();
    private long heldExamples;

    /**
     * Creates the batches.
     *
     * @param size examples in a step; 0 to take the source's batches as they come
     */
    StepBatches(Iterator<? extends MultiDataSet> source, int size) {
        this.source = source;
        this.size = size;
    }

    @Override
    public boolean hasNext() {
        return !held.isEmpty() || source.hasNext();
    }

    @Override
    public MultiDataSet next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no batch is left");
        }
        if (size == 0) {
            return source.next();
        }
        while (heldExamples < size && source.hasNext()) {
            hold(source.next());
        }
        return join(take());
    }

    private void hold(MultiDataSet batch) {
        held.add(batch);
        heldExamples += examples(batch);
    }

    /** Parts that together have the step's size, or all there is. */
    private List<MultiDataSet> take() {
        List<MultiDataSet> parts = new ArrayList<>();
        long missing = size;
        while (missing > 0 && !held.isEmpty()) {
            MultiDataSet part = held.remove();
            long examples = examples(part);
            if (examples > missing) {
                held.addFirst(slice(part, missing, examples));
                part = slice(part, 0, missing);
                examples = missing;
            }
            parts.add(part);
            missing -= examples;
            heldExamples -= examples;
        }
        return parts;
    }

    private static MultiDataSet join(List<MultiDataSet> parts) {
        return parts.size() == 1 ? parts.get(0) : org.nd4j.linalg.dataset.MultiDataSet.merge(parts);
    }

    private static long examples(MultiDataSet batch) {
        return batch.getFeatures(0).size(0);
    }

    private static MultiDataSet slice(MultiDataSet batch, long first, long end) {
        return new org.nd4j.linalg.dataset.MultiDataSet(
                slices(batch.getFeatures(), first, end),
                slices(batch.getLabels(), first, end),
                slices(batch.getFeaturesMaskArrays(), first, end),
                slices(batch.getLabelsMaskArrays(), first, end));
    }

    private static INDArray @Nullable [] slices(INDArray @Nullable [] arrays, long first, long end) {
        if (arrays == null) {
            return null;
        }
        INDArray[] slices = new INDArray[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            slices[i] = arrays[i] == null ? null : Rows.of(Rows.indexable(arrays[i]), first, end);
        }
        return slices;
    }
}
