package io.github.skydl4j.profile;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StageMemory;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What is predicted for a BERT stage with four micro-batches in flight, and what a new process grows by with it. */
final class StageMemoryProbe {
    private static final int IN_FLIGHT = 4;
    private static final int EXAMPLES = 8;
    private static final int TIME = 128;
    private static final BertConfig BERT = BertConfig.builder()
            .hiddenSize(256)
            .attentionHeads(4)
            .intermediateSize(1024)
            .hiddenLayers(3)
            .vocabularySize(8000)
            .maxPositions(TIME)
            .labels(2)
            .build();

    private StageMemoryProbe() {}

    /** Prints predicted and measured bytes. */
    public static void main(String[] arguments) {
        ComputationGraph network = new ComputationGraph(BertGraph.builder(BERT).build());
        network.init();
        MicroBatch sample = sample(network);
        network.initGradientsView();
        network.getUpdater();
        System.gc();
        long before = Pointer.physicalBytes();
        List<StageGraph> graphs = hold(network, sample);
        long measured = Pointer.physicalBytes() - before;
        graphs.forEach(StageGraph::release);
        System.out.println("bytes " + predicted(network, sample) + " " + measured);
    }

    /** A stage of all units with all micro-batches in flight, then through. */
    private static List<StageGraph> hold(ComputationGraph network, MicroBatch sample) {
        GraphSplitter splitter = new GraphSplitter(network);
        List<StageGraph> graphs = new ArrayList<>();
        graphs.add(splitter.stage(0, splitter.units().size(), Storage.COPIED));
        while (graphs.size() < IN_FLIGHT) {
            graphs.add(graphs.get(0).replica());
        }
        graphs.forEach(graph -> graph.forward(sample, Map.of()));
        INDArray sum = Nd4j.zerosLike(graphs.get(0).getFlattenedGradients());
        for (StageGraph graph : graphs) {
            graph.backward(Map.of());
            sum.addi(graph.getFlattenedGradients());
        }
        graphs.get(0).applyUpdate(EXAMPLES * IN_FLIGHT);
        return graphs;
    }

    private static long predicted(ComputationGraph network, MicroBatch sample) {
        ModelCosts costs =
                new UnitProfiler(Duration.ofMillis(1), Duration.ofMillis(1)).costs(network, sample, IN_FLIGHT);
        PlanRequest request = new PlanRequest(
                costs.units(),
                Cluster.instant(List.of(new WorkerProfile("one", 1, Long.MAX_VALUE))),
                IN_FLIGHT,
                ScheduleKind.GPIPE);
        Allocation allocation = new EvenPlanner().plan(request);
        return StageMemory.bytes(request, allocation).get(0) + costs.scratchBytes();
    }

    private static MicroBatch sample(ComputationGraph network) {
        INDArray tokens = Nd4j.ones(DataType.FLOAT, EXAMPLES, TIME);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, EXAMPLES, 2);
        labels.getColumn(0).assign(1);
        MultiDataSet batch = new MultiDataSet(
                new INDArray[] {tokens, Nd4j.zerosLike(tokens), Nd4j.onesLike(tokens)}, new INDArray[] {labels});
        return new BatchCutter(network.getConfiguration()).cut(batch, 1).get(0);
    }
}
