package io.github.skydl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.testing.SmallGraphs;
import java.util.List;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class GraphSplitterTest {
    @Test
    void relaysASkipThroughEveryStageItSpans() {
        GraphSplitter splitter = new GraphSplitter(skip());
        assertThat(splitter.units()).containsExactly("a", "b", "c", "add", "out");
        assertThat(splitter.boundary(1)).containsExactly("a");
        assertThat(splitter.boundary(2)).containsExactly("a", "b");
        StageSpec middle = splitter.spec(1, 2);
        assertThat(middle.received()).containsExactly("a");
        assertThat(middle.sent()).containsExactly("a", "b");
        StageSpec relay = splitter.spec(2, 3);
        assertThat(relay.received()).containsExactly("a", "b");
        assertThat(relay.sent()).containsExactly("a", "c");
        assertThat(relay.feeds()).isEmpty();
        assertThat(splitter.spec(3, 5).outputs()).containsExactly("out");
    }

    @Test
    void feedsNetworkInputsToTheStagesThatUseThem() {
        GraphSplitter splitter = new GraphSplitter(SmallGraphs.chain(3));
        assertThat(splitter.spec(0, 1).feeds()).containsExactly("in");
        assertThat(splitter.spec(1, 4).feeds()).isEmpty();
    }

    @Test
    void copiesOrSharesParametersAsAsked() {
        ComputationGraph network = SmallGraphs.chain(3);
        GraphSplitter splitter = new GraphSplitter(network);
        StageGraph shared = splitter.stage(1, 3, Storage.SHARED);
        StageGraph copied = splitter.stage(1, 3, Storage.COPIED);
        assertThat(copied.params()).isEqualTo(shared.params());
        network.getParam("d1_W").addi(1);
        assertThat(shared.getParam("d1_W")).isEqualTo(network.getParam("d1_W"));
        assertThat(copied.getParam("d1_W")).isNotEqualTo(network.getParam("d1_W"));
    }

    @Test
    void refusesStagesWithoutUnits() {
        GraphSplitter splitter = new GraphSplitter(SmallGraphs.chain(3));
        assertThatThrownBy(() -> splitter.spec(2, 2)).hasMessageContaining("[2, 2)");
        assertThatThrownBy(() -> splitter.split(List.of(1, 9))).hasMessageContaining("has 4 units");
    }

    @Test
    void refusesTruncatedBackPropagation() {
        ComputationGraph network = SmallGraphs.chain(2);
        network.getConfiguration().setBackpropType(BackpropType.TruncatedBPTT);
        assertThatThrownBy(() -> new GraphSplitter(network))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("truncated");
    }

    @Test
    void refusesLineSearchOptimizers() {
        ComputationGraph network = graph(OptimizationAlgorithm.LBFGS);
        assertThatThrownBy(() -> new GraphSplitter(network))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("LBFGS");
    }

    @Test
    void refusesOutputLayersThatFeedOthersByName() {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", loss(2), "in")
                .addLayer("second", loss(2), "first")
                .setOutputs("first", "second")
                .build();
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        assertThatThrownBy(() -> new GraphSplitter(network))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("vertex \"first\"");
    }

    private static ComputationGraph graph(OptimizationAlgorithm algorithm) {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .optimizationAlgo(algorithm)
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", loss(2), "in")
                .setOutputs("out")
                .build());
        network.init();
        return network;
    }

    /** A skip from a over b and c. */
    private static ComputationGraph skip() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(), "in")
                .addLayer("b", dense(), "a")
                .addLayer("c", dense(), "b")
                .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "c")
                .addLayer("out", loss(2), "add")
                .setOutputs("out")
                .build());
        network.init();
        return network;
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nIn(2).nOut(2).build();
    }

    private static OutputLayer loss(int inputs) {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nIn(inputs)
                .nOut(2)
                .build();
    }
}
