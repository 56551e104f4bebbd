package io.github.skydl4j.cluster;

import io.github.skydl4j.pipeline.StageFailedException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a broken crew means: to go on without whoever is lost, to try again, or to give up. Confined to the
 * coordinator's driving thread.
 */
final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);
    /** The first may be chance, the second the worker; a third on another worker is the model. */
    private static final int MOST_STAGE_FAILURES = 3;

    private static final int MOST_UNKNOWN = 5;

    private final Coordinator coordinator;
    private int iteration = -1;
    private int stageFailures;
    private int unknown;
    private String lastFailed = "";
    private long since;
    private int restoredTo;
    private int stepsAgain;
    private final List<ClusterEvent.Recovered> recoveries = new ArrayList<>();

    Trouble(Coordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** Counts a failure in a step; returns if the step is to be done again. */
    void meet(CrewBrokenException broken, int atIteration) {
        LOG.warn("The stages do not stand at step {}: {}", atIteration, broken.getMessage());
        if (since == 0) {
            since = System.nanoTime();
        }
        if (atIteration != iteration) {
            iteration = atIteration;
            stageFailures = 0;
            unknown = 0;
        }
        switch (broken.kind()) {
            case LOST -> {}
            case STAGE_FAILED -> stageFailed(broken);
            case UNKNOWN -> {
                if (++unknown >= MOST_UNKNOWN) {
                    throw giveUp(broken);
                }
            }
        }
    }

    /** The stages stand again; it remains to be seen whether they work. */
    void crewStands(int snapshotIteration, int steps) {
        restoredTo = snapshotIteration;
        stepsAgain = steps;
    }

    /** Work has been done, such as a step. */
    void isOver() {
        if (since != 0) {
            ClusterEvent.Recovered recovered =
                    new ClusterEvent.Recovered(restoredTo, stepsAgain, System.nanoTime() - since);
            since = 0;
            recoveries.add(recovered);
            coordinator.tell(recovered);
        }
    }

    /** What has been got over, in the order of time. */
    List<ClusterEvent.Recovered> recoveries() {
        return List.copyOf(recoveries);
    }

    private void stageFailed(CrewBrokenException broken) {
        coordinator.tell(
                new ClusterEvent.StageFailed(broken.worker(), broken.stage(), String.valueOf(broken.getMessage())));
        stageFailures++;
        if (stageFailures >= MOST_STAGE_FAILURES) {
            throw giveUp(broken);
        }
        boolean again = broken.worker().equals(lastFailed);
        lastFailed = broken.worker();
        if (stageFailures > 1 && again && coordinator.conversation().members().size() > 1) {
            coordinator.conversation().expel(broken.worker(), "its stage fails again and again");
        }
    }

    private StageFailedException giveUp(CrewBrokenException broken) {
        return StageFailedException.reported(
                broken.getMessage() + "; tried again " + Math.max(stageFailures, unknown)
                        + " times; the last snapshot is in "
                        + coordinator.latest().folder(),
                broken.stage());
    }
}
