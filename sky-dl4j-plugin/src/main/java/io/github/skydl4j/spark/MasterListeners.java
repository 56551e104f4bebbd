package io.github.skydl4j.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The listeners of a master, as one listener of its trainer: they may be set anew between two calls of {@code fit}. They
 * are called on the driver, once a step, with the whole network.
 */
final class MasterListeners implements TrainingListener {
    private volatile List<TrainingListener> listeners = List.of();

    /** Replaces the listeners; those that route statistics and have no router of their own get this one. */
    void set(@Nullable StatsStorageRouter router, @Nullable Collection<TrainingListener> newListeners) {
        List<TrainingListener> list = newListeners == null ? List.of() : List.copyOf(newListeners);
        for (TrainingListener listener : list) {
            if (router != null
                    && listener instanceof RoutingIterationListener routing
                    && routing.getStorageRouter() == null) {
                routing.setStorageRouter(router);
            }
        }
        listeners = list;
    }

    /** The listeners now set. */
    List<TrainingListener> get() {
        return new ArrayList<>(listeners);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        listeners.forEach(listener -> listener.iterationDone(model, iteration, epoch));
    }

    @Override
    public void onEpochStart(Model model) {
        listeners.forEach(listener -> listener.onEpochStart(model));
    }

    @Override
    public void onEpochEnd(Model model) {
        listeners.forEach(listener -> listener.onEpochEnd(model));
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        listeners.forEach(listener -> listener.onForwardPass(model, activations));
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        listeners.forEach(listener -> listener.onForwardPass(model, activations));
    }

    @Override
    public void onGradientCalculation(Model model) {
        listeners.forEach(listener -> listener.onGradientCalculation(model));
    }

    @Override
    public void onBackwardPass(Model model) {
        listeners.forEach(listener -> listener.onBackwardPass(model));
    }
}
