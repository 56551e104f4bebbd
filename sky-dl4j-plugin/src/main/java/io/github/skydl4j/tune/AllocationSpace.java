package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;

/**
 * Arbiter's view of the candidates: a planner's plan with a worker taken in or left out, two workers exchanged, cuts
 * shifted, and with its own micro-batches, schedule, depth, recomputation and wire type. Whatever the parameters, a value has stages
 * that cover the model; it never throws, since Arbiter asks again for ever where all values do.
 *
 * <p>Confined to one thread.
 */
final class AllocationSpace implements ParameterSpace<TrialPlan> {
    /** Cuts that move at once, and by how many units each at most. */
    private static final int SHIFTS = 2;

    private static final int FARTHEST = 3;

    private final BasePlans bases;
    private final Choice<Planner> planner;
    private final Choice<Integer> microBatches;
    private final Choice<ScheduleKind> schedule;
    private final Choice<Double> depth;
    private final Choice<Boolean> recompute;
    private final Choice<WireChoice> wire;
    private final List<IntegerParameterSpace> changes = new ArrayList<>();

    /**
     * Spans the space.
     *
     * @param stagesChange whether workers and cuts change as well, which a grid has no room for
     */
    AllocationSpace(BasePlans bases, SearchSpace search, boolean stagesChange) {
        this.bases = bases;
        this.planner = new Choice<>(search.planners());
        this.microBatches = new Choice<>(search.microBatches());
        this.schedule = new Choice<>(search.schedules());
        this.depth = new Choice<>(search.depths());
        this.recompute = new Choice<>(search.recompute());
        this.wire = new Choice<>(search.wires());
        if (stagesChange) {
            int workers = bases.request().cluster().size();
            // Half of all candidates keep the workers of their plan, and half their order.
            changes.add(new IntegerParameterSpace(0, 2 * workers));
            changes.add(new IntegerParameterSpace(0, workers));
            changes.add(new IntegerParameterSpace(0, 2 * workers));
            for (int s = 0; s < SHIFTS; s++) {
                changes.add(new IntegerParameterSpace(0, workers));
                changes.add(new IntegerParameterSpace(-FARTHEST, FARTHEST));
            }
        }
    }

    @Override
    public TrialPlan getValue(double[] parameters) {
        WireChoice asked = wire.value(parameters);
        TrialPlan base = bases.of(planner.value(parameters), microBatches.value(parameters), asked);
        StageOrder order = StageOrder.of(base);
        change(order, parameters);
        boolean again = recompute.value(parameters);
        TrialPlan bare = new TrialPlan(
                        order.workers(),
                        order.ends(),
                        base.microBatches(),
                        schedule.value(parameters),
                        order.workers().stream().map(worker -> 1).toList(),
                        again,
                        base.revision())
                .withWire(asked, bases.request().cluster());
        List<Integer> inFlight = StepTimes.inFlightLimits(
                bare.planner().costs(bare.requestFrom(bases.request())), bare.stages(), depth.value(parameters));
        return new TrialPlan(
                bare.workers(),
                bare.ends(),
                bare.microBatches(),
                bare.schedule(),
                inFlight,
                bare.recompute(),
                bare.wire(),
                bare.revision());
    }

    private void change(StageOrder order, double[] parameters) {
        if (changes.isEmpty()) {
            return;
        }
        int workers = bases.request().cluster().size();
        List<Integer> values =
                changes.stream().map(space -> space.getValue(parameters)).toList();
        if (values.get(0) < workers) {
            order.toggle(values.get(0), values.get(1));
        }
        if (values.get(2) < workers) {
            order.swap(values.get(2));
        }
        for (int s = 0; s < SHIFTS; s++) {
            order.shift(values.get(3 + 2 * s), values.get(4 + 2 * s));
        }
    }

    @Override
    public int numParameters() {
        return collectLeaves().size();
    }

    @Override
    @SuppressWarnings("rawtypes") // as Arbiter has it
    public List<ParameterSpace> collectLeaves() {
        List<ParameterSpace> leaves = new ArrayList<>();
        leaves.addAll(planner.leaves());
        leaves.addAll(microBatches.leaves());
        leaves.addAll(schedule.leaves());
        leaves.addAll(depth.leaves());
        leaves.addAll(recompute.leaves());
        leaves.addAll(wire.leaves());
        leaves.addAll(changes);
        return leaves;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Arbiter has it
    public Map<String, ParameterSpace> getNestedSpaces() {
        Map<String, ParameterSpace> nested = new LinkedHashMap<>();
        collectLeaves().forEach(leaf -> nested.put("parameter" + nested.size(), leaf));
        return nested;
    }

    @Override
    public boolean isLeaf() {
        return false;
    }

    @Override
    public void setIndices(int... indices) {
        throw new UnsupportedOperationException("the leaves have indices, not the space");
    }

    @Override
    public String toString() {
        return "AllocationSpace of " + numParameters() + " parameters";
    }
}
