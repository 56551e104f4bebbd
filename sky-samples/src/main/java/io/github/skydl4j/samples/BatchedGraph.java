package io.github.skydl4j.samples;

import java.io.Serializable;
import java.util.Locale;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/** A candidate: a network, and into batches of which size its data is cut. */
record BatchedGraph(GraphConfiguration graph, int batch) implements Serializable {
    private static final long serialVersionUID = 1L;

    int epochs() {
        return graph.getNumEpochs();
    }

    @Override
    public String toString() {
        GraphVertex first =
                graph.getConfiguration().getVertices().values().iterator().next();
        FeedForwardLayer layer =
                (FeedForwardLayer) ((LayerVertex) first).getLayerConf().getLayer();
        return String.format(
                Locale.ROOT,
                "learning rate %.5f, batch %d, width %d",
                layer.getIUpdater().getLearningRate(0, 0),
                batch,
                layer.getNOut());
    }
}
