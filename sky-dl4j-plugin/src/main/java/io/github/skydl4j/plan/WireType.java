package io.github.skydl4j.plan;

import java.util.Locale;

/** How floating-point numbers of 32 and 64 bits travel over a link. All else travels as it is, masks too. */
public enum WireType {
    /** As they are. */
    EXACT,
    /** Rounded to bfloat16: half the bytes of float32, 8 bits of precision, the range of float32. */
    BFLOAT16,
    /** Rounded to IEEE half precision: half the bytes of float32, 11 bits of precision, at most 65504. */
    FLOAT16;

    /** The name used in configurations and reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The type of a link whose two ends ask for these: 16 bits where either does, and of two kinds of 16 bits the one
     * with the range of float32.
     */
    public WireType with(WireType other) {
        if (this == EXACT || other == EXACT) {
            return this == EXACT ? other : this;
        }
        return this == other ? this : BFLOAT16;
    }

    /** What of so many bytes of float32 goes over the link. */
    public long bytes(long float32Bytes) {
        return this == EXACT ? float32Bytes : (float32Bytes + 1) / 2;
    }
}
