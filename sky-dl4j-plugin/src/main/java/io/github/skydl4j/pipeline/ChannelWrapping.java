package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.BoundaryTensor;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Puts something around the channels between the stages of a {@link Pipeline}, such as what rounds or counts. */
public interface ChannelWrapping {
    /** Leaves channels as they are. */
    ChannelWrapping NONE = new ChannelWrapping() {
        @Override
        public Channel<Map<String, BoundaryTensor>> activations(Channel<Map<String, BoundaryTensor>> channel) {
            return channel;
        }

        @Override
        public Channel<Map<String, INDArray>> gradients(Channel<Map<String, INDArray>> channel) {
            return channel;
        }
    };

    /** The channel to use in place of this one, for activations to the next stage. */
    Channel<Map<String, BoundaryTensor>> activations(Channel<Map<String, BoundaryTensor>> channel);

    /** The channel to use in place of this one, for gradients to the stage before. */
    Channel<Map<String, INDArray>> gradients(Channel<Map<String, INDArray>> channel);
}
