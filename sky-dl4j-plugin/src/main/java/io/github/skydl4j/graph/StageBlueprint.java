package io.github.skydl4j.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What another JVM needs to build a stage, its numbers aside. Immutable.
 *
 * @param configuration the stage's own configuration as JSON; it has no vertex of another stage
 * @param parameters elements of the stage's parameter array
 * @param frozen units that were frozen at run time, which leaves no trace in a configuration
 */
public record StageBlueprint(StageSpec spec, String configuration, long parameters, List<String> frozen) {
    /** Copies the list. */
    public StageBlueprint {
        frozen = List.copyOf(frozen);
        if (parameters < 0) {
            throw new IllegalArgumentException("a stage of " + parameters + " parameters");
        }
    }

    /** Builds the stage. Parameters and updater state are zero; {@link GraphState} fills them. */
    public StageGraph build() {
        ComputationGraphConfiguration graph = ComputationGraphConfiguration.fromJson(configuration);
        StageGraphFactory.fixOrder(graph, spec);
        graph.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        graph.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        StageGraph stage = new StageGraph(graph, spec);
        boolean empty = parameters == 0;
        stage.initWith(empty ? Nd4j.empty(graph.getDataType()) : Nd4j.create(graph.getDataType(), 1, parameters));
        if (stage.numParams() != parameters) {
            throw new IllegalArgumentException("the configuration of a stage of " + parameters + " parameters makes "
                    + stage.numParams() + ": coordinator and worker must be of the same version");
        }
        frozen.forEach(unit -> StageGraphFactory.freeze(stage, unit));
        stage.useGradients(empty ? Nd4j.empty(graph.getDataType()) : Nd4j.create(graph.getDataType(), 1, parameters));
        stage.followWords();
        return stage;
    }
}
