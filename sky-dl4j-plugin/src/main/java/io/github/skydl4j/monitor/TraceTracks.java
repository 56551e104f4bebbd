package io.github.skydl4j.monitor;

import io.github.skydl4j.monitor.PipelinePlan.PlannedStage;
import java.util.List;

/**
 * The rows of a trace, from the top: the steps; then each stage, followed by the link to the next one, a row for each of
 * its directions, as both may carry something at once.
 */
final class TraceTracks {
    static final int STEPS = 0;
    private static final int ROWS_OF_A_STAGE = 3;

    private TraceTracks() {}

    static int stage(int stage) {
        return ROWS_OF_A_STAGE * stage + 1;
    }

    /** The row of link i; forward is the way of activations. */
    static int link(int link, boolean forward) {
        return ROWS_OF_A_STAGE * link + (forward ? 2 : 3);
    }

    /** Names all rows. */
    static void name(TraceText text, PipelinePlan plan) {
        text.trackName(STEPS, "steps");
        List<PlannedStage> stages = plan.stages();
        for (int s = 0; s < stages.size(); s++) {
            text.trackName(stage(s), "stage " + s + " on " + stages.get(s).workerName());
            if (s < stages.size() - 1) {
                String here = stages.get(s).workerName();
                String next = stages.get(s + 1).workerName();
                text.trackName(link(s, true), "link " + here + " to " + next);
                text.trackName(link(s, false), "link " + next + " to " + here);
            }
        }
    }
}
