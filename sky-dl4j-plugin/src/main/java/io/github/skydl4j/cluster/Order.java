package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageBlueprint;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.Action;
import io.github.skydl4j.transport.Message;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a coordinator tells a worker. */
sealed interface Order extends Message {
    /** The first word to a new member, which answers with {@link Report.Hello}. */
    record Welcome(long epoch) implements Order {}

    /** Send this back: a measurement of the way there and back. */
    record Echo(int id, INDArray payload) implements Order {}

    /** Say what your clock shows; the answer is {@link Report.Clock}. */
    record ReadClock(long sentNanos) implements Order {}

    /** Run this run of units forward and backward over and over and say how long a pass takes. */
    record Measure(StageBlueprint units, MicroBatch sample, long warmUpNanos, long measuringNanos) implements Order {}

    /** Give up the stage at hand; what is of an older epoch counts no more. */
    record Regroup(long epoch) implements Order {}

    /**
     * Build this stage; its state follows when {@link Report.Built} has come.
     *
     * @param stage number of the stage, from 0
     * @param before who hosts the stage before, empty for none
     * @param after who hosts the stage after, empty for none
     * @param tied number of the stage that has the other copy of a parameter of this one, -1 for none
     * @param tiedTo who hosts that stage, empty for none
     * @param wireBefore how numbers travel between the stage before and this one, both ways
     * @param wireAfter the same of the stage after
     * @param capacity most messages under way between neighbours, and most micro-batches of a step
     * @param observed whether the stage is to tell what it did when
     */
    record Host(
            int stage,
            StageBlueprint units,
            String before,
            String after,
            int tied,
            String tiedTo,
            WireType wireBefore,
            WireType wireAfter,
            int capacity,
            boolean recompute,
            boolean observed,
            double dilation,
            long stallNanos)
            implements Order {}

    /** Micro-batches of a step, with only what the stage needs of them. */
    record Feed(long step, List<MicroBatch> batch) implements Order {
        public Feed {
            batch = List.copyOf(batch);
        }
    }

    /**
     * Read a batch and cut it; the answer is {@link Report.Fetched}.
     *
     * @param inputs names of the network's inputs, in the order of a batch's features
     * @param outputs names of its outputs, in the order of a batch's labels
     */
    record Fetch(long step, StoredBatch batch, List<String> inputs, List<String> outputs, int microBatches)
            implements Order {
        public Fetch {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }

    /** Forwards and backwards over what was fed or fetched. */
    record Train(long step, List<Action> actions, int iteration, int epoch) implements Order {
        public Train {
            actions = List.copyOf(actions);
        }
    }

    /** The updater's step. */
    record Update(long step, int rows, int iteration, int epoch) implements Order {}

    /** Inference over what was fed or fetched. */
    record Infer(long step) implements Order {}

    /** Send a copy of the stage's state, as it is now, while training goes on. */
    record Copy(long stream) implements Order {}

    /** A part of the stream has been dealt with. */
    record Taken(long stream) implements Order {}

    /** The end of the run for this worker. */
    record Release(String why) implements Order {}
}
