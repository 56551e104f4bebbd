package io.github.skydl4j.monitor;

/**
 * What was occupied longest in a step.
 *
 * @param index of a stage, or of the link between stages index and index + 1
 * @param share of the step for which it was occupied, 0 to 1; of a link, in its busier direction
 */
public record Bottleneck(Kind kind, int index, double share) {
    /** Who can be one. */
    public enum Kind {
        STAGE,
        LINK
    }

    /** For people: {@code stage 2} or {@code link 2-3}. */
    public String label() {
        return kind == Kind.STAGE ? "stage " + index : "link " + index + "-" + (index + 1);
    }
}
