package io.github.skydl4j.plan;

/** Units {@code [firstUnit, endUnit)} that must be on this worker, such as the one that has the data. Immutable. */
public record Pin(int worker, int firstUnit, int endUnit) {

    public Pin {
        if (worker < 0) {
            throw new IllegalArgumentException("pinned worker " + worker + " is below 0");
        }
        if (firstUnit < 0 || endUnit <= firstUnit) {
            throw new IllegalArgumentException("pinned units [" + firstUnit + ", " + endUnit + ") are none");
        }
    }
}
