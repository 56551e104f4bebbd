package io.github.skydl4j.bert;

/** Sizes of one attention. */
record AttentionShape(long batch, long time, long heads, long headSize) {

    long hidden() {
        return heads * headSize;
    }

    long tokens() {
        return batch * time;
    }

    /** The factor on the products of queries and keys. */
    double scale() {
        return 1 / Math.sqrt((double) headSize);
    }
}
