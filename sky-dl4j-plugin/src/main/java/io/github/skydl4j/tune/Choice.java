package io.github.skydl4j.tune;

import java.util.List;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;

/**
 * One of several values. Where there is only one it is no parameter at all: Arbiter's grid leaves such parameters out when
 * it makes values, but not when it numbers them.
 */
final class Choice<T> {
    private final T only;
    private final DiscreteParameterSpace<T> space;
    private final boolean open;

    Choice(List<T> values) {
        this.only = values.get(0);
        this.space = new DiscreteParameterSpace<>(values);
        this.open = values.size() > 1;
    }

    T value(double[] parameters) {
        return open ? space.getValue(parameters) : only;
    }

    @SuppressWarnings("rawtypes") // as Arbiter has it
    List<ParameterSpace> leaves() {
        return open ? List.of(space) : List.of();
    }
}
