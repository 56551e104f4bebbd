package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.LANES;
import static io.github.skydl4j.bert.VectorMath.SPECIES;
import static io.github.skydl4j.bert.VectorMath.get;
import static io.github.skydl4j.bert.VectorMath.load;
import static io.github.skydl4j.bert.VectorMath.put;
import static io.github.skydl4j.bert.VectorMath.store;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** One step of Adam in one pass over memory. */
final class VectorAdam {
    private final float beta1;
    private final float beta2;
    private final float rate;
    private final float epsilon;

    VectorAdam(AdamStep step) {
        this.beta1 = (float) step.beta1();
        this.beta2 = (float) step.beta2();
        this.rate = (float) step.correctedRate();
        this.epsilon = (float) step.epsilon();
    }

    void apply(ByteBuffer gradient, ByteBuffer mean, ByteBuffer square, int length) {
        int bound = SPECIES.loopBound(length);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector g = load(gradient, i);
            FloatVector m = load(mean, i).mul(beta1).add(g.mul(1 - beta1));
            FloatVector v = load(square, i).mul(beta2).add(g.mul(g).mul(1 - beta2));
            store(m, mean, i);
            store(v, square, i);
            store(m.mul(rate).div(v.sqrt().add(epsilon)), gradient, i);
        }
        for (int i = bound; i < length; i++) {
            float g = get(gradient, i);
            float m = get(mean, i) * beta1 + g * (1 - beta1);
            float v = get(square, i) * beta2 + g * g * (1 - beta2);
            put(m, mean, i);
            put(v, square, i);
            put(m * rate / ((float) Math.sqrt(v) + epsilon), gradient, i);
        }
    }
}
