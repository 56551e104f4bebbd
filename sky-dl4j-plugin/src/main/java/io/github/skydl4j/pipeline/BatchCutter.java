package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.MicroBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Cuts batches into micro-batches along the first dimension. Sizes differ by one example at most, the larger ones first,
 * so a batch that does not divide evenly (the last of an epoch) is trained whole. Immutable.
 */
public final class BatchCutter {
    private final List<String> inputs;
    private final List<String> outputs;

    /** Creates a cutter for a network's inputs and outputs. */
    public BatchCutter(ComputationGraphConfiguration configuration) {
        this(configuration.getNetworkInputs(), configuration.getNetworkOutputs());
    }

    /** Creates a cutter for inputs and outputs of these names. */
    public BatchCutter(List<String> inputs, List<String> outputs) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
    }

    /** The micro-batches of a batch that is somewhere else: their sizes, without arrays. */
    public static List<MicroBatch> sizes(int rows, int microBatches, boolean masked) {
        int parts = Math.min(microBatches, rows);
        List<MicroBatch> sizes = new ArrayList<>();
        int first = 0;
        for (int m = 0; m < parts; m++) {
            int size = rows / parts + (m < rows % parts ? 1 : 0);
            sizes.add(new MicroBatch(m, size, first, Map.of(), Map.of(), Map.of(), Map.of(), masked));
            first += size;
        }
        return sizes;
    }

    /**
     * Cuts a batch.
     *
     * @param microBatches wanted number; a batch of fewer examples gives one micro-batch an example
     * @return micro-batches in order; their arrays are views of the batch's where the memory layout allows
     * @throws IllegalArgumentException if the arrays do not fit the network or differ in their number of examples
     */
    public List<MicroBatch> cut(MultiDataSet batch, int microBatches) {
        checkCount("features", batch.getFeatures(), inputs);
        if (batch.getLabels() != null && batch.getLabels().length > 0) {
            checkCount("labels", batch.getLabels(), outputs);
        }
        int rows = rows(batch);
        List<MicroBatch> sizes = sizes(rows, microBatches, batch.getFeaturesMaskArrays() != null);
        if (sizes.size() > 1) {
            checkRows(rows, batch.getFeatures());
            checkRows(rows, batch.getLabels());
        }
        MultiDataSet whole = sizes.size() > 1 ? indexable(batch) : batch;
        return sizes.stream().map(size -> part(whole, size, rows)).toList();
    }

    /** Examples in a batch: rows of the first labels, as DL4J counts them, or of the first features. */
    private static int rows(MultiDataSet batch) {
        INDArray[] labels = batch.getLabels();
        INDArray counted = labels != null && labels.length > 0 && labels[0] != null ? labels[0] : batch.getFeatures(0);
        if (counted.isEmpty() || counted.size(0) == 0) {
            throw new IllegalArgumentException("a batch without examples: leave it out");
        }
        return (int) counted.size(0);
    }

    private MicroBatch part(MultiDataSet batch, MicroBatch size, int rows) {
        int first = size.offset();
        int end = first + size.rows();
        return new MicroBatch(
                size.index(),
                size.rows(),
                first,
                slices(inputs, batch.getFeatures(), first, end, rows),
                slices(inputs, batch.getFeaturesMaskArrays(), first, end, rows),
                slices(outputs, batch.getLabels(), first, end, rows),
                slices(outputs, batch.getLabelsMaskArrays(), first, end, rows),
                size.masked());
    }

    private static Map<String, INDArray> slices(
            List<String> names, INDArray @Nullable [] arrays, int first, int end, int rows) {
        Map<String, INDArray> slices = new HashMap<>();
        for (int i = 0; arrays != null && i < arrays.length; i++) {
            if (arrays[i] != null) {
                slices.put(names.get(i), end - first == rows ? arrays[i] : slice(arrays[i], first, end));
            }
        }
        return slices;
    }

    private static INDArray slice(INDArray array, int first, int end) {
        INDArray view = Rows.of(array, first, end);
        return array.ordering() == 'c' ? view : view.dup('c');
    }

    private static MultiDataSet indexable(MultiDataSet batch) {
        return new org.nd4j.linalg.dataset.MultiDataSet(
                indexable(batch.getFeatures()),
                indexable(batch.getLabels()),
                indexable(batch.getFeaturesMaskArrays()),
                indexable(batch.getLabelsMaskArrays()));
    }

    private static INDArray @Nullable [] indexable(INDArray @Nullable [] arrays) {
        return arrays == null
                ? null
                : Arrays.stream(arrays)
                        .map(array -> array == null ? null : Rows.indexable(array))
                        .toArray(INDArray[]::new);
    }

    private static void checkCount(String what, INDArray @Nullable [] arrays, List<String> names) {
        int found = arrays == null ? 0 : arrays.length;
        if (found != names.size()) {
            throw new IllegalArgumentException("the batch has " + found + " arrays of " + what + ", the network takes "
                    + names.size() + ": " + names);
        }
    }

    private static void checkRows(int rows, INDArray @Nullable [] arrays) {
        for (INDArray array : arrays == null ? new INDArray[0] : arrays) {
            if (array != null && array.size(0) != rows) {
                throw new IllegalArgumentException("an array of the batch has " + array.size(0) + " rows, another "
                        + rows + ": such a batch cannot be cut; set microBatches to 1");
            }
        }
    }
}
