package io.github.skydl4j.profile;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.plan.UnitProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gathers what was measured on some units and gives it to all identical ones. Confined to one thread. */
final class UnitCosts {
    /** A measured unit. */
    private record Measured(
            double forwardNanos, double backwardNanos, double updateNanos, long inFlightBytes, long residentBytes) {}

    private final ComputationGraph network;
    private final UnitOutputs outputs;
    private final UnitIdentity identities;
    private final Map<String, List<Measured>> byIdentity = new HashMap<>();

    UnitCosts(ComputationGraph network, UnitOutputs outputs) {
        this.network = network;
        this.outputs = outputs;
        this.identities = new UnitIdentity(network, outputs);
    }

    String identity(String unit) {
        return identities.of(unit);
    }

    void add(RunCosts run) {
        for (String unit : run.units()) {
            long parameters = network.getVertex(unit).numParams();
            byIdentity
                    .computeIfAbsent(identity(unit), identity -> new ArrayList<>())
                    .add(new Measured(
                            run.steps().times().forwardNanos(unit),
                            run.steps().times().backwardNanos(unit)
                                    + parameters * run.steps().sumNanosPerParameter(),
                            parameters * run.steps().updateNanosPerParameter(),
                            run.memory().inFlightBytes(unit),
                            run.memory().residentBytes(unit)));
        }
    }

    /** All units in their order. */
    ModelCosts of(GraphSplitter splitter, int microBatches) {
        List<UnitProfile> profiles = new ArrayList<>();
        for (int u = 0; u < splitter.units().size(); u++) {
            long boundary =
                    splitter.boundary(u + 1).stream().mapToLong(outputs::bytes).sum();
            profiles.add(profile(splitter.units().get(u), boundary, microBatches));
        }
        return new ModelCosts(profiles, scratchBytes());
    }

    private UnitProfile profile(String unit, long boundaryBytes, int microBatches) {
        List<Measured> same = measured(unit);
        long parameters = network.getVertex(unit).numParams();
        long bytes = parameters * network.getConfiguration().getDataType().width();
        // The gradient of a micro-batch, and where there are several their sum.
        long gradients = microBatches == 1 ? bytes : 2 * bytes;
        long held = same.stream().mapToLong(Measured::residentBytes).min().orElse(0);
        return new UnitProfile(
                unit,
                UnitIdentity.kind(network, unit),
                mean(same.stream().mapToDouble(Measured::forwardNanos).toArray()),
                mean(same.stream().mapToDouble(Measured::backwardNanos).toArray()),
                mean(same.stream().mapToDouble(Measured::updateNanos).toArray()),
                bytes,
                gradients + stateBytes(parameters) + held,
                same.stream().mapToLong(Measured::inFlightBytes).min().orElse(0),
                boundaryBytes);
    }

    /** What the first of identical units holds and the second does not: a stage has it once, whatever it hosts. */
    private long scratchBytes() {
        long shared = 0;
        for (List<Measured> same : byIdentity.values()) {
            long most = same.stream().mapToLong(Measured::residentBytes).max().orElse(0);
            long least = same.stream().mapToLong(Measured::residentBytes).min().orElse(0);
            shared += most - least;
        }
        return shared;
    }

    /** Updater state, shared out over parameters evenly. */
    private long stateBytes(long parameters) {
        INDArray state = network.getUpdater().getStateViewArray();
        if (state == null || network.params().isEmpty()) {
            return 0;
        }
        return Math.round((double) state.length() / network.params().length() * parameters)
                * state.dataType().width();
    }

    private List<Measured> measured(String unit) {
        return Objects.requireNonNull(byIdentity.get(identity(unit)), unit);
    }

    private static long mean(double[] nanos) {
        double sum = 0;
        for (double value : nanos) {
            sum += value;
        }
        return Math.round(sum / nanos.length);
    }
}
