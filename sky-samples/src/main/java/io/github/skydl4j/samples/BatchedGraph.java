package io.github.skydl4j.samples;

import java.io.Serializable;
import java.util.Locale;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.config.IUpdater;

/** A candidate: a network, and into batches of which size its data is cut. */
record BatchedGraph(GraphConfiguration graph, int batch) implements Serializable {
    private static final long serialVersionUID = 1L;

    int epochs() {
        return graph.getNumEpochs();
    }

    @Override
    public String toString() {
        BaseLayer layer =
                (BaseLayer) graph.getConfiguration().getDefaultConfiguration().getLayer();
        IUpdater updater = layer.getIUpdater();
        return String.format(Locale.ROOT, "learning rate %.5f, batch %d", updater.getLearningRate(0, 0), batch);
    }
}
