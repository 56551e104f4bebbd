package io.github.skydl4j.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** Flat views of the state of every parameter, section by section, by vertex and parameter name. */
    static Map<String, List<INDArray>> sections(ComputationGraph graph) {
        Map<String, List<INDArray>> sections = new HashMap<>();
        parts(graph).forEach((name, part) -> sections.put(name, part.sections()));
        return sections;
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
            List<INDArray> from = source.sections();
            List<INDArray> to = sections();
            for (int s = 0; s < to.size(); s++) {
                to.get(s).assign(from.get(s));
            }
        }

        List<INDArray> sections() {
            List<INDArray> sections = new ArrayList<>();
            for (long s = 0; state != null && s < state.length() / sectionLength; s++) {
                sections.add(section(s));
            }
            return sections;
        }

        private INDArray section(long index) {
            INDArray all = Objects.requireNonNull(state);
            long base = index * sectionLength;
            return all.reshape(all.length()).get(NDArrayIndex.interval(base + start, base + end));
        }
    }
}
