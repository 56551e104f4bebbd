package io.github.skydl4j.profile;

import io.github.skydl4j.graph.StageGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A run of units that takes steps as a stage does: several micro-batches in flight, each in a graph of its own, so that
 * caches are as cold as they will be; then their gradients' sum, and the updater. Parameters are restored after each
 * step. Confined to one thread.
 */
final class StepRehearsal {
    private static final int FEWEST_STEPS = 2;
    private static final int MOST_WARM_UPS = 6;
    /** A warm-up that takes at least this share of the time of the one before it was the last. */
    private static final double SETTLED = 0.97;

    private final StageGraph stage;
    private final List<Rehearsal> inFlight = new ArrayList<>();
    private final UnitTimes times;
    private final int rows;
    private final Samples sumNanos = new Samples();
    private final Samples updateNanos = new Samples();
    private final @Nullable INDArray parameters;
    private final @Nullable INDArray sum;

    /**
     * Creates it.
     *
     * @param microBatches in a step, all in flight at once
     * @param rows examples in a micro-batch
     */
    StepRehearsal(Rehearsal rehearsal, int microBatches, int rows) {
        this.stage = rehearsal.stage();
        this.times = new UnitTimes(stage.spec().units());
        this.rows = rows * microBatches;
        inFlight.add(rehearsal);
        for (int m = 1; m < microBatches; m++) {
            inFlight.add(rehearsal.with(stage.replica()));
        }
        inFlight.forEach(one -> one.stage().observe(times));
        boolean hasParameters = stage.numParams() > 0;
        this.parameters = hasParameters ? stage.params().dup() : null;
        this.sum = hasParameters && microBatches > 1 ? Nd4j.zerosLike(stage.getFlattenedGradients()) : null;
    }

    /**
     * Warms up, then measures, for so much CPU time each. The warm-up is up to three times as long while steps go on
     * becoming shorter: on a busy host, code is compiled late.
     */
    void run(Duration warmUp, Duration measuring) {
        Duration half = warmUp.dividedBy(2);
        long earlier = repeat(half);
        long later = repeat(half);
        for (int i = 2; i < MOST_WARM_UPS && later < SETTLED * earlier; i++) {
            earlier = later;
            later = repeat(half);
        }
        times.forget();
        sumNanos.clear();
        updateNanos.clear();
        repeat(measuring);
    }

    UnitTimes times() {
        return times;
    }

    /** What a parameter costs to add to the sum, for a micro-batch. */
    double sumNanosPerParameter() {
        return sum == null ? 0 : (double) sumNanos.median() / stage.numParams();
    }

    /** What a parameter costs once a step. */
    double updateNanosPerParameter() {
        return parameters == null ? 0 : (double) updateNanos.median() / stage.numParams();
    }

    /** The CPU time of a step, the median. */
    private long repeat(Duration duration) {
        Samples steps = new Samples();
        long now = CpuClock.nanos();
        long end = now + duration.toNanos();
        for (int step = 0; step < FEWEST_STEPS || now < end; step++) {
            long start = now;
            step();
            now = CpuClock.nanos();
            steps.add(now - start);
        }
        return steps.median();
    }

    private void step() {
        for (Rehearsal microBatch : inFlight) {
            times.startForward();
            microBatch.forward();
            times.endForward();
        }
        for (Rehearsal microBatch : inFlight) {
            times.startBackward();
            microBatch.backward();
            microBatch.stage().lossSum();
            times.lossDone();
            stage.setGradient(microBatch.stage().gradient());
            microBatch.stage().release();
            times.endBackward();
            addUp();
            microBatch.refreshErrors();
        }
        update();
    }

    private void addUp() {
        if (sum != null) {
            long start = CpuClock.nanos();
            sum.addi(stage.getFlattenedGradients());
            sumNanos.add(CpuClock.nanos() - start);
        }
    }

    private void update() {
        if (parameters == null) {
            return;
        }
        if (sum != null) {
            stage.getFlattenedGradients().assign(sum);
            sum.assign(0);
        }
        int iteration = stage.getIterationCount();
        long start = CpuClock.nanos();
        stage.applyUpdate(rows);
        updateNanos.add(CpuClock.nanos() - start);
        stage.params().assign(parameters);
        stage.setCounts(iteration, stage.getEpochCount());
    }
}
