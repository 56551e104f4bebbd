package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.LANES;
import static io.github.skydl4j.bert.VectorMath.SPECIES;
import static io.github.skydl4j.bert.VectorMath.get;
import static io.github.skydl4j.bert.VectorMath.load;
import static io.github.skydl4j.bert.VectorMath.put;
import static io.github.skydl4j.bert.VectorMath.store;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Work on some rows of large tables, in place. */
final class VectorRows {
    private final int[] rows;
    private final int columns;
    private final int bound;

    VectorRows(int[] rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.bound = SPECIES.loopBound(columns);
    }

    void clear(ByteBuffer table) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int row : rows) {
            int start = row * columns;
            for (int c = 0; c < bound; c += LANES) {
                store(zero, table, start + c);
            }
            for (int c = bound; c < columns; c++) {
                put(0, table, start + c);
            }
        }
    }

    void add(ByteBuffer source, ByteBuffer target) {
        for (int row : rows) {
            int start = row * columns;
            for (int c = 0; c < bound; c += LANES) {
                store(load(target, start + c).add(load(source, start + c)), target, start + c);
            }
            for (int c = bound; c < columns; c++) {
                put(get(target, start + c) + get(source, start + c), target, start + c);
            }
        }
    }

    /** Replaces gradients by steps, in the order of DL4J's operations, and subtracts them. */
    void descend(ByteBuffer parameters, ByteBuffer gradient, float divisor, float rate) {
        for (int row : rows) {
            int start = row * columns;
            for (int c = 0; c < bound; c += LANES) {
                FloatVector step = load(gradient, start + c).div(divisor).mul(rate);
                store(step, gradient, start + c);
                store(load(parameters, start + c).sub(step), parameters, start + c);
            }
            for (int c = bound; c < columns; c++) {
                float step = get(gradient, start + c) / divisor * rate;
                put(step, gradient, start + c);
                put(get(parameters, start + c) - step, parameters, start + c);
            }
        }
    }
}
