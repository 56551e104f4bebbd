package io.github.skydl4j.profile;

import io.github.skydl4j.bert.DropoutScope;
import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A run of units in one graph that takes the same micro-batch forward and backward, with made-up errors for what it
 * sends. Confined to one thread.
 */
final class Rehearsal {
    private final StageGraph stage;
    private final MicroBatch sample;
    private final Map<String, BoundaryTensor> received;
    private final Map<String, INDArray> errors = new LinkedHashMap<>();
    private final Map<String, INDArray> errorsInUse = new HashMap<>();

    Rehearsal(StageGraph stage, MicroBatch sample, Map<String, BoundaryTensor> received) {
        this.stage = stage;
        this.sample = sample;
        this.received = Map.copyOf(received);
    }

    StageGraph stage() {
        return stage;
    }

    /** The same with another graph of the same stage. */
    Rehearsal with(StageGraph replica) {
        return new Rehearsal(replica, sample, received);
    }

    /** Random layers are seeded anew, as in training. */
    void forward() {
        stage.setCounts(stage.getIterationCount(), stage.getEpochCount());
        Nd4j.getRandom().setSeed(stage.conf().getSeed());
        DropoutScope scope = DropoutScope.open(0, sample.offset());
        Map<String, BoundaryTensor> sent;
        try {
            sent = stage.forward(sample, received);
        } finally {
            scope.close();
        }
        prepareErrors(sent);
    }

    void backward() {
        stage.backward(errorsInUse);
    }

    void release() {
        stage.release();
        refreshErrors();
    }

    private void prepareErrors(Map<String, BoundaryTensor> sent) {
        if (!errors.isEmpty()) {
            return;
        }
        sent.forEach((tensor, value) -> {
            INDArray made = value.activations();
            if (made.dataType().isFPType()) {
                errors.put(tensor, Nd4j.randn(made.dataType(), made.shape()));
                errorsInUse.put(tensor, Nd4j.createUninitialized(made.dataType(), made.shape()));
            }
        });
        refreshErrors();
    }

    /** A stage may change the errors that it gets. */
    void refreshErrors() {
        errorsInUse.forEach((tensor, used) -> used.assign(errors.get(tensor)));
    }
}
