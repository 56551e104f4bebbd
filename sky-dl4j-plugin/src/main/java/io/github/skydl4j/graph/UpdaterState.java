package io.github.skydl4j.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Moves updater state between graphs that hold some of the same vertices.
 *
 * <p>DL4J joins neighbouring parameters with equal updaters into a block and lays the block's state out as {@code
 * [first moment of all][second moment of all]...}, so a cut changes the layout. A parameter's part is found by its offset
 * in each of the block's sections.
 */
final class UpdaterState {
    private UpdaterState() {}

    /** Copies the state of every parameter that both graphs have, by vertex and parameter name. */
    static void copy(ComputationGraph from, ComputationGraph to) {
        if (from.params().isEmpty() || to.params().isEmpty()) {
            return;
        }
        Map<String, Part> parts = parts(from);
        parts(to).forEach((name, target) -> {
            Part source = parts.get(name);
            if (source != null) {
                target.assign(source);
            }
        });
    }

    private static Map<String, Part> parts(ComputationGraph graph) {
        Map<String, Part> parts = new HashMap<>();
        for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
            INDArray state = block.getUpdaterView();
            for (UpdaterBlock.ParamState param : block.getLayersAndVariablesInBlock()) {
                String name = param.getLayer().getConfig().getLayerName() + "_" + param.getParamName();
                parts.put(
                        name,
                        new Part(
                                state,
                                block.getParamOffsetEnd() - block.getParamOffsetStart(),
                                param.getParamOffsetStart() - block.getParamOffsetStart(),
                                param.getParamOffsetEnd() - block.getParamOffsetStart()));
            }
        }
        return parts;
    }

    /** Where one parameter's state lies in its block: {@code [start, end)} of each section. */
    private record Part(@Nullable INDArray state, long sectionLength, long start, long end) {
        void assign(Part source) {
            if (state == null || source.state == null) {
                return;
            }
            long sections = state.length() / sectionLength;
            for (long s = 0; s < sections; s++) {
                section(s).assign(source.section(s));
            }
        }

        private INDArray section(long index) {
            INDArray all = Objects.requireNonNull(state);
            long base = index * sectionLength;
            return all.reshape(all.length()).get(NDArrayIndex.interval(base + start, base + end));
        }
    }
}
