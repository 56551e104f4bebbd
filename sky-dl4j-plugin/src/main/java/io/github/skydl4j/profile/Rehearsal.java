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
 * A run of units that works as a stage does, over and over on one micro-batch, with made-up errors for what it sends.
 * Confined to one thread.
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

    /** Takes the micro-batch forward and backward; a caller that has no use for the times gives new ones. */
    void pass(UnitTimes times) {
        times.startForward();
        forward();
        times.startBackward();
        backward();
        stage.lossSum();
        times.lossDone();
        stage.release();
        times.endPass();
        refreshErrors();
    }

    /** Random layers are seeded anew, as in training. */
    Map<String, BoundaryTensor> forward() {
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
        return sent;
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
    private void refreshErrors() {
        errorsInUse.forEach((tensor, used) -> used.assign(errors.get(tensor)));
    }
}
