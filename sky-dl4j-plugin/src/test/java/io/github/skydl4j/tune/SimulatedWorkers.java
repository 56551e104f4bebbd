package io.github.skydl4j.tune;

import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.schedule.StageTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Workers that are simulated as they are, and measured with noise: a normal share of every time. */
final class SimulatedWorkers implements Trial {
    private final MismeasuredCluster cluster;
    private final double noise;
    private final Random random;
    private int runs;

    SimulatedWorkers(MismeasuredCluster cluster, double noise, long seed) {
        this.cluster = cluster;
        this.noise = noise;
        this.random = new Random(seed);
    }

    int runs() {
        return runs;
    }

    /** The step without noise. */
    long stepNanos(TrialPlan plan, PlanRequest order) {
        return new Forecast(order, cluster.real()).stepNanos(plan);
    }

    @Override
    public Measurement run(TrialPlan plan, PlanRequest order, Duration limit) {
        runs++;
        PlanRequest real = plan.requestFrom(cluster.real());
        StageTimes times = StepTimes.of(plan.planner().costs(real), plan.stages());
        return new Measurement(
                noisy(stepNanos(plan, order)),
                noisy(times.forwardNanos()),
                noisy(times.backwardNanos()),
                noisy(times.linkNanos()));
    }

    private List<Long> noisy(List<Long> nanos) {
        List<Long> noisy = new ArrayList<>();
        nanos.forEach(value -> noisy.add(noisy(value)));
        return noisy;
    }

    private long noisy(long nanos) {
        return Math.round(nanos * (1 + noise * random.nextGaussian()));
    }
}
