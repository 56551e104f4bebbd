package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.LANES;
import static io.github.skydl4j.bert.VectorMath.SPECIES;
import static io.github.skydl4j.bert.VectorMath.get;
import static io.github.skydl4j.bert.VectorMath.load;
import static io.github.skydl4j.bert.VectorMath.put;
import static io.github.skydl4j.bert.VectorMath.store;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The decisions of {@link Dropout}, many at a time. */
final class VectorDropout {
    private static final VectorSpecies<Integer> INTEGERS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final IntVector COUNTING = IntVector.zero(INTEGERS).addIndex(1);

    private final int threshold;
    private final float scale;

    VectorDropout(Dropout dropout) {
        this.threshold = dropout.threshold();
        this.scale = (float) dropout.scale();
    }

    /**
     * Writes kept elements scaled and dropped ones as 0.
     *
     * @param from index of the first element in the source
     * @param to index of the first element in the target, which may be the source
     * @param element number of the first element in its example
     */
    void apply(
            ByteBuffer source, int from, ByteBuffer target, int to, int element, int count, Dropout.ExampleKeys keys) {
        int bound = SPECIES.loopBound(count);
        for (int i = 0; i < bound; i += LANES) {
            VectorMask<Float> kept = kept(element + i, keys);
            FloatVector zero = FloatVector.zero(SPECIES);
            store(zero.blend(load(source, from + i).mul(scale), kept), target, to + i);
        }
        for (int i = bound; i < count; i++) {
            put(keys.keeps(element + i, threshold) ? get(source, from + i) * scale : 0, target, to + i);
        }
    }

    private VectorMask<Float> kept(int element, Dropout.ExampleKeys keys) {
        IntVector hash = COUNTING.add(element).lanewise(VectorOperators.XOR, keys.first());
        hash = hash.lanewise(VectorOperators.XOR, hash.lanewise(VectorOperators.LSHR, 16))
                .mul(Dropout.FIRST_FACTOR);
        hash = hash.lanewise(VectorOperators.XOR, hash.lanewise(VectorOperators.LSHR, 15))
                .add(keys.second())
                .mul(Dropout.SECOND_FACTOR);
        hash = hash.lanewise(VectorOperators.XOR, hash.lanewise(VectorOperators.LSHR, 16));
        return hash.lanewise(VectorOperators.LSHR, 8)
                .compare(VectorOperators.GE, threshold)
                .cast(SPECIES);
    }
}
