package io.github.skydl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.testing.RandomGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

class StageGraphTest {
    @ParameterizedTest
    @ValueSource(longs = {300, 301})
    void stagesInSequenceTrainBitForBitLikeTheWholeGraph(long block) {
        for (long seed = block * 25; seed < block * 25 + 25; seed++) {
            RandomGraph graph = RandomGraph.of(seed, DataType.DOUBLE, true);
            ComputationGraph whole = new ComputationGraph(graph.configuration());
            whole.init();
            ComputationGraph cut = whole.clone();
            for (int i = 0; i < 2; i++) {
                whole.fit(graph.batch(5, i));
                cut.fit(graph.batch(5, i));
            }
            GraphSplitter splitter = new GraphSplitter(cut);
            Random random = new Random(seed);
            List<StageGraph> stages = randomSplit(splitter, random);
            for (int i = 2; i < 6; i++) {
                MultiDataSet batch = graph.batch(5, i);
                whole.fit(batch);
                double penalty = stages.stream()
                        .mapToDouble(stage -> stage.calcRegularizationScore(true))
                        .sum();
                double loss = step(stages, cut, batch);
                assertThat(loss / 5 + penalty).as("seed %d", seed).isCloseTo(whole.score(), within(1e-12));
            }
            GraphMerger.merge(stages, cut);
            assertThat(cut.params()).as("seed %d", seed).isEqualTo(whole.params());
            assertThat(cut.getUpdater().getStateViewArray())
                    .as("seed %d", seed)
                    .isEqualTo(whole.getUpdater().getStateViewArray());
            assertThat(cut.getIterationCount()).isEqualTo(whole.getIterationCount());
        }
    }

    private static List<StageGraph> randomSplit(GraphSplitter splitter, Random random) {
        List<Integer> cuts = new ArrayList<>();
        for (int cut = 1; cut < splitter.units().size(); cut++) {
            if (random.nextInt(2) == 0) {
                cuts.add(cut);
            }
        }
        return splitter.split(cuts);
    }

    private static double step(List<StageGraph> stages, ComputationGraph network, MultiDataSet batch) {
        MicroBatch whole = microBatch(network, batch);
        Map<String, BoundaryTensor> tensors = Map.of();
        for (StageGraph stage : stages) {
            tensors = stage.forward(whole, tensors);
        }
        Map<String, INDArray> epsilons = Map.of();
        double loss = 0;
        for (int s = stages.size() - 1; s >= 0; s--) {
            epsilons = stages.get(s).backward(epsilons);
            loss += stages.get(s).lossSum();
            stages.get(s).release();
        }
        stages.forEach(stage -> stage.applyUpdate(whole.rows()));
        return loss;
    }

    private static MicroBatch microBatch(ComputationGraph network, MultiDataSet batch) {
        int rows = (int) batch.getLabels(0).size(0);
        List<String> inputs = network.getConfiguration().getNetworkInputs();
        List<String> outputs = network.getConfiguration().getNetworkOutputs();
        return new MicroBatch(
                0,
                rows,
                0,
                named(inputs, batch.getFeatures()),
                named(inputs, batch.getFeaturesMaskArrays()),
                named(outputs, batch.getLabels()),
                named(outputs, batch.getLabelsMaskArrays()),
                batch.getFeaturesMaskArrays() != null);
    }

    private static Map<String, INDArray> named(List<String> names, INDArray[] arrays) {
        Map<String, INDArray> map = new HashMap<>();
        for (int i = 0; arrays != null && i < arrays.length; i++) {
            if (arrays[i] != null) {
                map.put(names.get(i), arrays[i]);
            }
        }
        return map;
    }
}
