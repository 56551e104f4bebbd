package io.github.skydl4j.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a master, which may be set anew between two calls of {@code fit}. They are called on the driver, once a
 * step, with the whole network.
 */
final class MasterListeners {
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

    void onEpochStart(Model model) {
        listeners.forEach(listener -> listener.onEpochStart(model));
    }

    void onEpochEnd(Model model) {
        listeners.forEach(listener -> listener.onEpochEnd(model));
    }
}
