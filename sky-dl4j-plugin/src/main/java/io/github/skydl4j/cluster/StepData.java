package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.MicroBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where the examples of a step come from. */
sealed interface StepData {
    /** Arrays that the coordinator sends. */
    record Sent(List<MicroBatch> batch) implements StepData {
        public Sent {
            batch = List.copyOf(batch);
        }

        /** In memory of their own: iterators may use the memory of a batch again. */
        static Sent copyOf(List<MicroBatch> batch) {
            return new Sent(batch.stream().map(Sent::copy).toList());
        }

        private static MicroBatch copy(MicroBatch part) {
            return new MicroBatch(
                    part.index(),
                    part.rows(),
                    part.offset(),
                    copy(part.features()),
                    copy(part.featureMasks()),
                    copy(part.labels()),
                    copy(part.labelMasks()),
                    part.masked());
        }

        private static Map<String, INDArray> copy(Map<String, INDArray> arrays) {
            Map<String, INDArray> copy = new HashMap<>();
            arrays.forEach((name, array) -> copy.put(name, array.dup()));
            return copy;
        }
    }

    /**
     * A file that the stages read.
     *
     * @param inputs names of the network's inputs, in the order of a batch's features
     * @param outputs names of its outputs, in the order of a batch's labels
     */
    record Stored(StoredBatch batch, List<String> inputs, List<String> outputs) implements StepData {
        public Stored {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }
}
