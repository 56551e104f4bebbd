package io.github.skydl4j.bench;

import io.github.skydl4j.pipeline.StageStep;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StepBound;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.Pointer;

/**
 * The measured steps of one plan, and what becomes of its bounds with the compute times that were measured.
 *
 * <p>The bound of all plans is that of the exact planner, certified for the units measured before training. While training,
 * stages share caches and memory with one another and the same units take longer; the bound is scaled by as much, or a step
 * could be above it through no fault of plan or schedule (or below, where the JVM was colder before).
 */
final class StepLog {
    private static final double MEBIBYTE = 1 << 20;

    private final PlanRequest request;
    private final Allocation allocation;
    private final long certifiedBoundNanos;
    private final List<StepResult> steps = new ArrayList<>();

    StepLog(PlanRequest request, Allocation allocation, long certifiedBoundNanos) {
        this.request = request;
        this.allocation = allocation;
        this.certifiedBoundNanos = certifiedBoundNanos;
    }

    void addAll(List<StepResult> results) {
        steps.addAll(results);
    }

    Measurement measurement(Setting setting) {
        StageTimes planned = StepTimes.of(request, allocation);
        StageTimes measured = measured(planned);
        double slower = cpuNanos(setting, measured) / cpuNanos(setting, planned);
        double step = median(StepResult::nanos);
        double cpu = cpuNanos(setting, measured) * setting.microBatches();
        double hostBound = cpu / Runtime.getRuntime().availableProcessors();
        double toMillis = 1e-6 / setting.dilation();
        return new Measurement(
                step * toMillis,
                Math.max(certifiedBoundNanos * slower, hostBound) * toMillis,
                StepBound.ofPlan(measured, setting.microBatches()) * toMillis,
                allocation.stepNanos() * toMillis,
                allocation.stages().size(),
                busyNanos() / (step * setting.workers().size()),
                slower,
                cpu / step,
                Pointer.physicalBytes() / MEBIBYTE);
    }

    private StageTimes measured(StageTimes planned) {
        List<Long> forward = new ArrayList<>();
        List<Long> backward = new ArrayList<>();
        for (int s = 0; s < planned.stageCount(); s++) {
            forward.add(median(s, StageStep::forwardNanos));
            backward.add(median(s, StageStep::backwardNanos));
        }
        return new StageTimes(forward, backward, planned.linkNanos());
    }

    /** Processor time of one micro-batch through all stages. */
    private double cpuNanos(Setting setting, StageTimes times) {
        double nanos = 0;
        for (int s = 0; s < times.stageCount(); s++) {
            double slowdown =
                    setting.workers().get(allocation.stages().get(s).worker()).slowdown();
            nanos += times.compute(s) / (1 + slowdown) / setting.dilation();
        }
        return nanos;
    }

    private double busyNanos() {
        double busy = 0;
        for (int s = 0; s < allocation.stages().size(); s++) {
            busy += median(s, StageStep::busyNanos);
        }
        return busy;
    }

    private long median(int stage, ToLongFunction<StageStep> value) {
        return median(step -> value.applyAsLong(step.stages().get(stage)));
    }

    private long median(ToLongFunction<StepResult> value) {
        long[] sorted = steps.stream().mapToLong(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
