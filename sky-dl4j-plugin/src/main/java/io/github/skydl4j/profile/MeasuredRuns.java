package io.github.skydl4j.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs of units {@code [first, end)} that together hold the first two of each group of identical units, so that a model
 * of many equal blocks is measured as fast, and in as little memory, as one of two. Of two the second shows what the
 * units of a stage share.
 */
record MeasuredRuns(List<Run> runs) {
    private static final int OF_EACH = 2;

    /** Neighbouring units; those of a run that is not measured only pass on what the next one needs. */
    record Run(int first, int end, boolean measured) {}

    MeasuredRuns {
        runs = List.copyOf(runs);
    }

    /** The runs, which cover all units, for the units' identities in their order. */
    static MeasuredRuns of(List<String> identities) {
        Map<String, Integer> seen = new HashMap<>();
        List<Run> runs = new ArrayList<>();
        for (int unit = 0; unit < identities.size(); unit++) {
            boolean measured = seen.merge(identities.get(unit), 1, Integer::sum) <= OF_EACH;
            Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null && last.measured() == measured) {
                runs.set(runs.size() - 1, new Run(last.first(), unit + 1, measured));
            } else {
                runs.add(new Run(unit, unit + 1, measured));
            }
        }
        return new MeasuredRuns(runs);
    }
}
