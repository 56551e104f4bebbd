package io.github.skydl4j.plan;

/**
 * Plans whose slack, which is what a step takes beyond the way of one micro-batch through all stages and back, and whose
 * longest stage lie in given ranges, in nanoseconds. Immutable.
 */
record StepRange(double slackLow, double slackHigh, double longestLow, double longestHigh) {

    /** What a narrower range of the longest stage is worth against an equally narrower one of the slack, which caps more. */
    private static final double WORTH_OF_LONGEST = 0.2;

    /** The half of the lower slacks, or of the shorter longest stages, whichever range says more about the step. */
    StepRange lowerHalf(double rounds) {
        return splitsSlack(rounds) ? lowerSlacks() : shorterLongest();
    }

    /** What {@link #lowerHalf} leaves. */
    StepRange upperHalf(double rounds) {
        return splitsSlack(rounds) ? higherSlacks() : longerLongest();
    }

    StepRange lowerSlacks() {
        return new StepRange(slackLow, middleSlack(), longestLow, longestHigh);
    }

    StepRange higherSlacks() {
        return new StepRange(middleSlack(), slackHigh, longestLow, longestHigh);
    }

    StepRange shorterLongest() {
        return new StepRange(slackLow, slackHigh, longestLow, middleLongest());
    }

    StepRange longerLongest() {
        return new StepRange(slackLow, slackHigh, middleLongest(), longestHigh);
    }

    /** By how much the step of its plans can differ for that they are not all alike. */
    double width(double rounds) {
        return Math.max(slackHigh - slackLow, rounds * (longestHigh - longestLow));
    }

    private boolean splitsSlack(double rounds) {
        return slackHigh - slackLow >= WORTH_OF_LONGEST * rounds * (longestHigh - longestLow);
    }

    private double middleSlack() {
        return (slackLow + slackHigh) / 2;
    }

    private double middleLongest() {
        return (longestLow + longestHigh) / 2;
    }
}
