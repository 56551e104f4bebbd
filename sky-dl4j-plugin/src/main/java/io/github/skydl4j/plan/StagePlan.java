package io.github.skydl4j.plan;

/** The units {@code [firstUnit, endUnit)} on one worker, given by its number in the cluster. Immutable. */
public record StagePlan(int worker, int firstUnit, int endUnit) {

    public StagePlan {
        if (worker < 0) {
            throw new IllegalArgumentException("worker " + worker + " is below 0");
        }
        if (firstUnit < 0 || endUnit <= firstUnit) {
            throw new IllegalArgumentException(
                    "units [" + firstUnit + ", " + endUnit + ") are none: a stage holds at least one");
        }
    }

    public int units() {
        return endUnit - firstUnit;
    }
}
