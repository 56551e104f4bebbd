package io.github.skydl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.testing.RandomGraph;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** A stage built from its description and filled with the network's state is the stage that is cut from the network. */
class GraphStateTest {
    private static final int GRAPHS = 60;

    @Test
    void blueprintAndStateMakeTheStageAgainInAnyCut() {
        for (long seed = 0; seed < GRAPHS; seed++) {
            RandomGraph graph = RandomGraph.of(seed, DataType.DOUBLE, true);
            ComputationGraph network = new ComputationGraph(graph.configuration());
            network.init();
            network.fit(graph.batch(5, 0));
            network.fit(graph.batch(5, 1));
            GraphSplitter splitter = new GraphSplitter(network);
            int units = splitter.units().size();
            int first = new Random(seed).nextInt(units);
            int end = first + 1 + new Random(~seed).nextInt(units - first);

            StageGraph cut = splitter.stage(first, end, Storage.COPIED);
            StageGraph built = splitter.blueprint(first, end).build();
            fill(GraphState.of(built), GraphState.of(network));

            assertThat(built.numParams()).as("seed %d", seed).isEqualTo(cut.numParams());
            if (cut.numParams() > 0) {
                assertThat(built.params()).as("seed %d", seed).isEqualTo(cut.params());
                assertThat(built.getUpdater().getStateViewArray())
                        .as("seed %d", seed)
                        .isEqualTo(cut.getUpdater().getStateViewArray());
            }
            assertThat(built.getConfiguration().getTopologicalOrderStr())
                    .isEqualTo(cut.getConfiguration().getTopologicalOrderStr());
            assertThat(built.getIterationCount()).isEqualTo(2);
        }
    }

    private static void fill(Map<String, List<StatePiece>> to, Map<String, List<StatePiece>> from) {
        to.forEach((unit, pieces) -> {
            for (int p = 0; p < pieces.size(); p++) {
                StatePiece source = from.get(unit).get(p);
                assertThat(source.parameter()).isEqualTo(pieces.get(p).parameter());
                assertThat(source.section()).isEqualTo(pieces.get(p).section());
                pieces.get(p).values().assign(source.values());
            }
        });
    }
}
