package io.github.skydl4j.bert;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameters of a unit in the order in which they lie, row by row, in its flat view.
 *
 * <p>Immutable.
 */
record ParameterLayout(List<Parameter> parameters) {

    enum Kind {
        WEIGHT,
        BIAS,
        GAIN
    }

    /** A matrix {@code [rows, columns]}; biases and gains have one row. Names hold no underscore (DL4J's separator). */
    record Parameter(String name, Kind kind, long rows, long columns) {
        long length() {
            return rows * columns;
        }
    }

    ParameterLayout {
        parameters = List.copyOf(parameters);
    }

    static Parameter weight(String name, long rows, long columns) {
        return new Parameter(name, Kind.WEIGHT, rows, columns);
    }

    static Parameter bias(String name, long columns) {
        return new Parameter(name, Kind.BIAS, 1, columns);
    }

    static Parameter gain(String name, long columns) {
        return new Parameter(name, Kind.GAIN, 1, columns);
    }

    long length() {
        return parameters.stream().mapToLong(Parameter::length).sum();
    }

    Parameter parameter(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no parameter " + name + " in " + parameters));
    }

    /** The parameters as views of a flat array, in order. */
    Map<String, INDArray> views(INDArray flat) {
        INDArray vector = flat.reshape(flat.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        long offset = 0;
        for (Parameter parameter : parameters) {
            INDArray part = vector.get(NDArrayIndex.interval(offset, offset + parameter.length()));
            views.put(parameter.name(), part.reshape('c', parameter.rows(), parameter.columns()));
            offset += parameter.length();
        }
        return Collections.unmodifiableMap(views);
    }

    /** Weights N(0, range) from ND4J's generator, which DL4J seeds from the configuration; biases 0, gains 1. */
    void initialize(Map<String, INDArray> views, double range) {
        for (Parameter parameter : parameters) {
            INDArray view = Objects.requireNonNull(views.get(parameter.name()));
            switch (parameter.kind()) {
                case WEIGHT -> Nd4j.getExecutioner().exec(new GaussianDistribution(view, 0.0, range), Nd4j.getRandom());
                case BIAS -> view.assign(0);
                case GAIN -> view.assign(1);
            }
        }
    }
}
