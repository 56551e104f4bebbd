package io.github.skydl4j.samples;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.arbiter.ComputationGraphSpace;
import org.deeplearning4j.arbiter.optimize.api.AbstractParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Networks by batch sizes: Arbiter's own spaces of networks know nothing of the data. */
final class BatchedGraphSpace extends AbstractParameterSpace<BatchedGraph> {
    private final ComputationGraphSpace graphs;
    private final ParameterSpace<Integer> batches;

    /** Arbiter's page reads its configuration back from JSON. */
    @JsonCreator
    BatchedGraphSpace(
            @JsonProperty("graphs") ComputationGraphSpace graphs,
            @JsonProperty("batches") ParameterSpace<Integer> batches) {
        this.graphs = graphs;
        this.batches = batches;
    }

    @Override
    public BatchedGraph getValue(double[] parameters) {
        return new BatchedGraph(graphs.getValue(parameters), batches.getValue(parameters));
    }

    @Override
    public int numParameters() {
        return graphs.numParameters() + batches.numParameters();
    }

    @Override
    @SuppressWarnings("rawtypes") // as Arbiter has it
    public List<ParameterSpace> collectLeaves() {
        List<ParameterSpace> leaves = new ArrayList<>(graphs.collectLeaves());
        leaves.addAll(batches.collectLeaves());
        return leaves;
    }

    @Override
    public boolean isLeaf() {
        return false;
    }

    @Override
    public void setIndices(int... indices) {
        throw new UnsupportedOperationException("the leaves have indices, not the space");
    }
}
