package io.github.skydl4j.bert;

import java.util.Objects;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A part of a BERT that is never cut: the configuration of one vertex with parameters.
 *
 * <p>Immutable, apart from the updater in its settings, which is DL4J's. Written to and read from DL4J's JSON and YAML
 * like any vertex.
 */
abstract class BertUnit extends GraphVertex {
    private static final long serialVersionUID = 1L;

    @JsonProperty("config")
    private final BertConfig config;

    @JsonProperty("training")
    private final TrainingSettings training;

    private final int inputs;

    BertUnit(BertConfig config, TrainingSettings training, int inputs) {
        this.config = config;
        this.training = training;
        this.inputs = inputs;
    }

    /** The parameters of this unit and how they lie in its flat view. */
    abstract ParameterLayout layout();

    abstract BertUnitVertex vertex(BertUnitVertex.Placement placement, @Nullable INDArray parameterView);

    final BertConfig config() {
        return config;
    }

    final TrainingSettings training() {
        return training;
    }

    /** Called once, after the parameters were drawn. */
    void afterInitialization(BertUnitVertex vertex, long seed) {}

    @Override
    public abstract BertUnit clone();

    @Override
    public final long numParams(boolean backprop) {
        return layout().length();
    }

    @Override
    public final int minVertexInputs() {
        return inputs;
    }

    @Override
    public final int maxVertexInputs() {
        return inputs;
    }

    @Override
    public final org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            @Nullable INDArray parameterView,
            boolean initialize,
            DataType dataType) {
        BertUnitVertex vertex = vertex(new BertUnitVertex.Placement(graph, name, index, dataType), parameterView);
        if (initialize) {
            layout().initialize(vertex.paramTable(false), config.initializerRange());
            afterInitialization(vertex, graph.conf().getSeed());
        }
        return vertex;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputTypes) {
        return InputType.recurrent(config.hiddenSize(), RNNFormat.NWC);
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputTypes) {
        long parameters = numParams(true);
        return new LayerMemoryReport.Builder(null, getClass(), inputTypes[0], getOutputType(0, inputTypes))
                .standardMemory(parameters, training.updater().stateSize(parameters))
                .build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BertUnit unit
                && getClass() == unit.getClass()
                && config.equals(unit.config)
                && training.equals(unit.training);
    }

    @Override
    public int hashCode() {
        return Objects.hash(getClass(), config, training);
    }
}
