package io.github.skydl4j.profile;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.Emulation;
import io.github.skydl4j.pipeline.Pipeline;
import io.github.skydl4j.pipeline.StageHost;
import io.github.skydl4j.pipeline.StageStep;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Growth;
import io.github.skydl4j.plan.Host;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Measures this machine as the one that plays all workers of an emulated cluster: a copy of the network is trained for a
 * moment as a whole, without idling and with, then in stages of unequal size, more than there are cores, and the CPU time of their work is compared
 * with that of the same units measured alone. Immutable.
 */
public final class HostProfiler {
    private static final int FEWEST_STEPS = 4;
    private static final int MICRO_BATCHES = 4;
    private static final int ROUNDS = 3;
    /** The share of the cores that the stages may keep busy, as in a well chosen emulation. */
    private static final double DEMAND = 0.6;

    /** A thread that plays a slower machine idles half of its time and more. */
    private static final double IDLING = 2;

    private static final Duration STALL_LIMIT = Duration.ofMinutes(5);

    private final Duration measuring;

    /** Creates a profiler that measures for about so much time, but for a few steps at least. */
    public HostProfiler(Duration measuring) {
        this.measuring = measuring;
    }

    /**
     * Measures. The network is not changed.
     *
     * @param sample a micro-batch as training will have them, with labels
     * @param units of the network, as measured alone
     */
    public Host measure(ComputationGraph network, MicroBatch sample, List<UnitProfile> units) {
        int cores = Runtime.getRuntime().availableProcessors();
        Trial lone = trial(network, sample, units, 1, 1);
        Trial idling = trial(network, sample, units, 1, IDLING);
        int stages = Math.min(units.size(), 2 * cores + 1);
        Trial crowded = stages == 1 ? idling : trial(network, sample, units, stages, stages / (DEMAND * cores));
        return new Host(cores, crowded.growth(), lone.growth(), idling.growth(), handOverNanos(), lone.stepNanos());
    }

    /**
     * What a moment's training has told.
     *
     * @param stepNanos the part of a step in which no stage is at work, where there is one stage
     */
    private record Trial(Growth growth, long stepNanos) {}

    private long handOverNanos() {
        return new LinkProfiler(measuring.dividedBy(4))
                .measureHere(
                        Channel.inProcess("the hand-over there", 1, Link.INSTANT, 1),
                        Channel.inProcess("the hand-over back", 1, Link.INSTANT, 1))
                .latencyNanos();
    }

    /** Trains in stages made anew each round, since where their arrays and threads come to lie makes a difference. */
    private Trial trial(
            ComputationGraph network, MicroBatch sample, List<UnitProfile> units, int stages, double dilation) {
        List<Integer> cuts = IntStream.rangeClosed(0, stages)
                .map(s -> cut(units.size(), s, stages))
                .boxed()
                .toList();
        List<Long> forward = sums(units, cuts, UnitProfile::forwardNanos);
        List<Long> backward = sums(units, cuts, UnitProfile::backwardNanos);
        Emulation emulation = new Emulation(0, Math.max(1, dilation));
        List<Double> alone = new ArrayList<>();
        List<Double> playing = new ArrayList<>();
        long stepNanos = Long.MAX_VALUE;
        long end = System.nanoTime() + measuring.toNanos() / 2;
        for (int round = 0; round < ROUNDS && (round == 0 || System.nanoTime() < end); round++) {
            List<StepResult> steps =
                    train(hosts(network, cuts, emulation), sample, new StageTimes(forward, backward, noLinks(stages)));
            for (int s = 0; s < stages; s++) {
                alone.add((double) forward.get(s));
                playing.add(median(steps, stage(s, StageStep::forwardNanos)) / emulation.stretch());
                alone.add((double) backward.get(s));
                playing.add(median(steps, stage(s, StageStep::backwardNanos)) / emulation.stretch());
            }
            stepNanos = Math.min(
                    stepNanos,
                    median(steps, step -> step.nanos() - step.stages().get(0).busyNanos()));
        }
        return new Trial(GrowthFit.between(alone, playing), Math.max(0, stepNanos));
    }

    private static List<StageHost> hosts(ComputationGraph network, List<Integer> cuts, Emulation emulation) {
        GraphSplitter splitter = new GraphSplitter(network);
        List<StageHost> hosts = new ArrayList<>();
        for (int s = 0; s + 1 < cuts.size(); s++) {
            hosts.add(new StageHost(
                    splitter.stage(cuts.get(s), cuts.get(s + 1), Storage.COPIED),
                    "trial " + s,
                    emulation,
                    Link.INSTANT));
        }
        return hosts;
    }

    private static List<Long> sums(List<UnitProfile> units, List<Integer> cuts, ToLongFunction<UnitProfile> nanos) {
        List<Long> sums = new ArrayList<>();
        for (int s = 0; s + 1 < cuts.size(); s++) {
            sums.add(units.subList(cuts.get(s), cuts.get(s + 1)).stream()
                    .mapToLong(nanos)
                    .sum());
        }
        return sums;
    }

    /** Short stages and long ones tell what grows with the work from what does not. */
    private static int cut(int units, int stage, int stages) {
        int square = (int) Math.round((double) units * stage * stage / (stages * stages));
        return Math.max(stage, square);
    }

    private List<StepResult> train(List<StageHost> hosts, MicroBatch sample, StageTimes times) {
        List<MicroBatch> batch = new ArrayList<>();
        for (int m = 0; m < MICRO_BATCHES; m++) {
            batch.add(sample.at(m));
        }
        List<StepResult> steps = new ArrayList<>();
        try (Pipeline pipeline = new Pipeline(hosts, MICRO_BATCHES, STALL_LIMIT)) {
            var schedule = ScheduleKind.ROUND_TRIP.build(times, MICRO_BATCHES);
            long end = System.nanoTime() + measuring.dividedBy(2 * ROUNDS).toNanos();
            for (int step = 0; step < FEWEST_STEPS || System.nanoTime() < end; step++) {
                steps.add(pipeline.train(batch, schedule, step, 0, () -> {}));
            }
        }
        return steps.subList(steps.size() / 2, steps.size());
    }

    private static ToLongFunction<StepResult> stage(int stage, ToLongFunction<StageStep> value) {
        return step -> value.applyAsLong(step.stages().get(stage));
    }

    private static long median(List<StepResult> steps, ToLongFunction<StepResult> value) {
        Samples samples = new Samples();
        steps.forEach(step -> samples.add(value.applyAsLong(step)));
        return samples.median();
    }

    private static List<Long> noLinks(int stages) {
        return java.util.Collections.nCopies(stages - 1, 0L);
    }
}
