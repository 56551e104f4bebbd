package io.github.skydl4j;

import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.optimize.listeners.TimeIterationListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Calls DL4J's training listeners as {@code fit} does. Not called: {@code onForwardPass}, since no one place has all
 * activations.
 */
final class Listeners {
    /** Listeners that never look at the updater's state; for any other it is brought up to date before each call. */
    private static final Set<Class<? extends TrainingListener>> INDIFFERENT = Set.of(
            ScoreIterationListener.class,
            PerformanceListener.class,
            CollectScoresIterationListener.class,
            CollectScoresListener.class,
            EvaluativeListener.class,
            TimeIterationListener.class);

    /** Listeners that do not look at the parameters either. */
    private static final Set<Class<? extends TrainingListener>> OF_SCORES_ALONE = Set.of(
            ScoreIterationListener.class,
            PerformanceListener.class,
            CollectScoresIterationListener.class,
            CollectScoresListener.class,
            TimeIterationListener.class);

    private final List<TrainingListener> listeners;
    private final boolean needUpdaterState;

    Listeners(List<TrainingListener> listeners) {
        this.listeners = listeners;
        this.needUpdaterState = listeners.stream().anyMatch(listener -> !INDIFFERENT.contains(listener.getClass()));
    }

    boolean needUpdaterState() {
        return needUpdaterState;
    }

    boolean needParameters() {
        return listeners.stream().anyMatch(listener -> !OF_SCORES_ALONE.contains(listener.getClass()));
    }

    void epochStart(ComputationGraph network) {
        listeners.forEach(listener -> listener.onEpochStart(network));
    }

    void epochEnd(ComputationGraph network) {
        listeners.forEach(listener -> listener.onEpochEnd(network));
    }

    void gradientDone(ComputationGraph network) {
        for (TrainingListener listener : listeners) {
            listener.onBackwardPass(network);
        }
        for (TrainingListener listener : listeners) {
            listener.onGradientCalculation(network);
        }
    }

    /** Tells of a step; its batch is null where only the workers have seen it. */
    void iterationDone(ComputationGraph network, @Nullable MultiDataSet batch) {
        if (listeners.isEmpty()) {
            return;
        }
        if (batch != null) {
            network.setInputs(batch.getFeatures());
            network.setLabels(batch.getLabels());
        }
        for (TrainingListener listener : listeners) {
            listener.iterationDone(network, network.getIterationCount(), network.getEpochCount());
        }
        network.clear();
    }
}
