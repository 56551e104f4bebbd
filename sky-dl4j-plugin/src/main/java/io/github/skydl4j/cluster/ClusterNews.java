package io.github.skydl4j.cluster;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.RunEvent;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells a monitor what happens to a cluster; for {@link ClusterOptions#events()}. */
public final class ClusterNews implements Consumer<ClusterEvent> {
    private final Monitor monitor;

    public ClusterNews(Monitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public void accept(ClusterEvent event) {
        if (event instanceof ClusterEvent.Joined joined) {
            monitor.happened(RunEvent.Kind.WORKER_JOINED, joined.worker() + " has joined");
        } else if (event instanceof ClusterEvent.Lost lost) {
            monitor.happened(RunEvent.Kind.WORKER_LOST, lost.worker() + " is lost: " + lost.why());
        } else if (event instanceof ClusterEvent.Leaving leaving) {
            monitor.happened(RunEvent.Kind.NOTE, leaving.worker() + " wants to leave");
        } else if (event instanceof ClusterEvent.StageFailed failed) {
            monitor.happened(
                    RunEvent.Kind.NOTE,
                    "stage " + failed.stage() + " on " + failed.worker() + " has failed: " + failed.text());
        } else if (event instanceof ClusterEvent.Recovered recovered) {
            monitor.happened(
                    RunEvent.Kind.RESUMED,
                    String.format(
                            Locale.ROOT,
                            "back at step %d after %.1f s; %d steps since are done again",
                            recovered.iteration(),
                            recovered.nanos() / 1e9,
                            recovered.steps()));
        }
    }
}
