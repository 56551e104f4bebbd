package io.github.skydl4j.monitor;

import java.util.ArrayList;
import java.util.List;

/**
 * What one step came to. Immutable.
 *
 * @param stages first stage to last
 */
public record StepSummary(StepFacts facts, List<StageShare> stages, Bottleneck bottleneck) {
    /** Copies the list. */
    public StepSummary {
        stages = List.copyOf(stages);
    }

    /** Adds up the events of a step. */
    public static StepSummary of(StepFacts facts, List<StageEvent> events, int stageCount) {
        Sums sums = new Sums(stageCount);
        events.forEach(sums::add);
        return new StepSummary(facts, sums.stages(), sums.bottleneck(facts.nanos()));
    }

    /** The share of the step that {@code nanos} is. */
    public double share(long nanos) {
        return share(nanos, facts.nanos());
    }

    private static double share(long nanos, long stepNanos) {
        return stepNanos == 0 ? 0 : Math.min(1, (double) nanos / stepNanos);
    }

    /** Nanoseconds by stage, and by link and direction. */
    private static final class Sums {
        private final long[] busy;
        private final long[] inputWait;
        private final long[] linkWait;
        private final long[] forwardLinks;
        private final long[] backwardLinks;

        private Sums(int stageCount) {
            busy = new long[stageCount];
            inputWait = new long[stageCount];
            linkWait = new long[stageCount];
            forwardLinks = new long[stageCount];
            backwardLinks = new long[stageCount];
        }

        private void add(StageEvent event) {
            switch (event.activity()) {
                case FORWARD, BACKWARD, UPDATE -> busy[event.stage()] += event.nanos();
                case INPUT_WAIT -> inputWait[event.stage()] += event.nanos();
                case LINK_WAIT -> linkWait[event.stage()] += event.nanos();
                case TRANSFER -> (event.isForward() ? forwardLinks : backwardLinks)[event.link()] += event.nanos();
                case SEND, RECEIVE -> {}
            }
        }

        private List<StageShare> stages() {
            List<StageShare> stages = new ArrayList<>();
            for (int s = 0; s < busy.length; s++) {
                stages.add(new StageShare(busy[s], inputWait[s], linkWait[s]));
            }
            return stages;
        }

        /** The stage that worked longest, or a link that was occupied longer; the first of equals. */
        private Bottleneck bottleneck(long stepNanos) {
            Bottleneck.Kind kind = Bottleneck.Kind.STAGE;
            int index = 0;
            long longest = 0;
            for (int s = 0; s < busy.length; s++) {
                if (busy[s] > longest) {
                    index = s;
                    longest = busy[s];
                }
            }
            for (int l = 0; l < forwardLinks.length; l++) {
                long occupied = Math.max(forwardLinks[l], backwardLinks[l]);
                if (occupied > longest) {
                    kind = Bottleneck.Kind.LINK;
                    index = l;
                    longest = occupied;
                }
            }
            return new Bottleneck(kind, index, share(longest, stepNanos));
        }
    }
}
