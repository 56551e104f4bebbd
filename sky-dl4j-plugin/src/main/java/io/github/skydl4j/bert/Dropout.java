package io.github.skydl4j.bert;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which elements of one place in a network are dropped in one micro-batch.
 *
 * <p>No stream of random numbers is drawn: whether an element is kept is a hash of (key, number of its example in the
 * whole batch, number of the element in its example). The answer is thus the same whatever the micro-batch an example is
 * in, whatever ran before, and when asked again in the backward pass or a recomputation. The element's hash is lowbias32
 * (C. Wellons, hash-prospector, public domain) with a second key added between its rounds.
 *
 * <p>Immutable.
 *
 * @param key from seed, step, unit and place
 * @param firstExample number in the batch of the micro-batch's first example
 */
record Dropout(double rate, long key, long firstExample) {
    static final Dropout NONE = new Dropout(0, 0, 0);

    static final int FIRST_FACTOR = 0x7feb352d;
    static final int SECOND_FACTOR = 0x846ca68b;
    private static final int HASH_BITS = 24;

    /** The two keys of one example. */
    record ExampleKeys(int first, int second) {
        boolean keeps(int element, int threshold) {
            int hash = element ^ first;
            hash ^= hash >>> 16;
            hash *= FIRST_FACTOR;
            hash ^= hash >>> 15;
            hash += second;
            hash *= SECOND_FACTOR;
            hash ^= hash >>> 16;
            return hash >>> (Integer.SIZE - HASH_BITS) >= threshold;
        }
    }

    boolean none() {
        return rate == 0;
    }

    /** Hashes below it, of 24 bits, are dropped. */
    int threshold() {
        return (int) Math.round(rate * (1 << HASH_BITS));
    }

    /** What kept elements are multiplied by, so that the expectation stays. */
    double scale() {
        return 1 / (1 - rate);
    }

    /** Keys of an example, counted within the micro-batch. */
    ExampleKeys example(long index) {
        long mixed = mix(key ^ mix(firstExample + index));
        return new ExampleKeys((int) mixed, (int) (mixed >>> Integer.SIZE));
    }

    /** 0 for dropped elements and {@link #scale()} for kept ones, examples one after the other; the caller closes it. */
    INDArray factors(DataType type, long examples, long[] shape) {
        INDArray factors = Nd4j.createUninitialized(type, shape, 'c');
        int elements = Math.toIntExact(factors.length() / examples);
        for (long example = 0; example < examples; example++) {
            ExampleKeys keys = example(example);
            for (int element = 0; element < elements; element++) {
                double factor = keys.keeps(element, threshold()) ? scale() : 0;
                factors.data().put(example * elements + element, factor);
            }
        }
        return factors;
    }

    /** Key of a place; equal arguments give equal keys on every machine. */
    static long key(long seed, long step, String unit, int place) {
        return mix(mix(mix(seed) + step) ^ mix(unit.hashCode() * 31L + place));
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
