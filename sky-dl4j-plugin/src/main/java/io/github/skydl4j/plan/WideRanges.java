package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;

/** Wide ranges of the slack that have all plans of the narrower ones of a {@link StepProof}. */
final class WideRanges {

    private static final double WIDTH = 0.01;

    private WideRanges() {}

    /**
     * Ranges that are about a hundredth of the step wide, each with the lowest bound of those it shares plans with.
     *
     * @param known at least one
     */
    static List<StepProof.Proved> of(List<StepProof.Proved> known, double step) {
        double low = Double.MAX_VALUE;
        double high = 0;
        for (StepProof.Proved proved : known) {
            low = Math.min(low, proved.range().slackLow());
            high = Math.max(high, proved.range().slackHigh());
        }
        int count = (int) Math.max(1, Math.ceil((high - low) / (WIDTH * step)));
        List<StepProof.Proved> wide = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double from = low + (high - low) * i / count;
            double to = i == count - 1 ? high : low + (high - low) * (i + 1) / count;
            wide.add(between(known, from, to));
        }
        return wide;
    }

    private static StepProof.Proved between(List<StepProof.Proved> known, double slackLow, double slackHigh) {
        double shortest = Double.MAX_VALUE;
        double longest = 0;
        StepProof.Proved lowest = known.get(0);
        double bound = Double.MAX_VALUE;
        for (StepProof.Proved proved : known) {
            StepRange range = proved.range();
            if (range.slackLow() <= slackHigh && range.slackHigh() >= slackLow) {
                shortest = Math.min(shortest, range.longestLow());
                longest = Math.max(longest, range.longestHigh());
                lowest = proved.bound() < bound ? proved : lowest;
                bound = Math.min(bound, proved.bound());
            }
        }
        return new StepProof.Proved(new StepRange(slackLow, slackHigh, shortest, longest), bound, lowest.proof());
    }
}
