package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.BoundaryTensor;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The channels of a stage to its neighbours, null where there is no neighbour, and to the stage with the other copy of a
 * tied parameter.
 *
 * @param input activations from the stage before
 * @param inputGradients gradients to the stage before
 * @param output activations to the stage after
 * @param outputGradients gradients from the stage after
 * @param tie to the other copy; null for none, or where both copies are in this stage
 */
public record StageChannels(
        @Nullable Channel<Map<String, BoundaryTensor>> input,
        @Nullable Channel<Map<String, INDArray>> inputGradients,
        @Nullable Channel<Map<String, BoundaryTensor>> output,
        @Nullable Channel<Map<String, INDArray>> outputGradients,
        @Nullable TieChannels tie) {

    /** Channels of a stage without a tied parameter. */
    public StageChannels(
            @Nullable Channel<Map<String, BoundaryTensor>> input,
            @Nullable Channel<Map<String, INDArray>> inputGradients,
            @Nullable Channel<Map<String, BoundaryTensor>> output,
            @Nullable Channel<Map<String, INDArray>> outputGradients) {
        this(input, inputGradients, output, outputGradients, null);
    }

    /** Closes all of them, which ends the neighbours' waits too. */
    void close() {
        for (Channel<?> channel : Arrays.asList(input, inputGradients, output, outputGradients)) {
            if (channel != null) {
                channel.close();
            }
        }
        if (tie != null) {
            tie.close();
        }
    }
}
