package io.github.skydl4j.cluster;

import io.github.skydl4j.monitor.EventMerger;
import io.github.skydl4j.monitor.ObservedStep;
import io.github.skydl4j.monitor.WorkerEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings what the workers of a crew did onto one clock. The workers' clocks are read a few times at the start and then once
 * a second, which a step does not wait for. Confined to the coordinator's driving thread.
 */
final class CrewObserver {
    private static final int FIRST_READINGS = 4;
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final Conversation talk;
    private final Collection<String> workers;
    private final Map<String, StageDiary> diaries = new HashMap<>();
    private long dropped;
    private long readNanos;
    private int readings;
    private long startNanos;

    CrewObserver(Conversation talk, Collection<String> workers) {
        this.talk = talk;
        this.workers = workers;
    }

    void stepStarts() {
        startNanos = System.nanoTime();
        if (readings < FIRST_READINGS || startNanos - readNanos > INTERVAL_NANOS) {
            readNanos = startNanos;
            readings++;
            workers.forEach(worker -> talk.tell(worker, new Order.ReadClock(System.nanoTime())));
        }
        diaries.clear();
    }

    void hear(String worker, StageDiary diary) {
        diaries.put(worker, diary);
    }

    /** The step that has just ended. */
    ObservedStep step() {
        List<WorkerEvents> events = new ArrayList<>();
        diaries.forEach((worker, diary) -> events.add(new WorkerEvents(ahead(worker), diary.events())));
        long all = diaries.values().stream().mapToLong(StageDiary::droppedSoFar).sum();
        long fresh = all - dropped;
        dropped = all;
        return new ObservedStep(startNanos, EventMerger.merge(events), fresh);
    }

    private long ahead(String worker) {
        Member member = talk.member(worker);
        return member == null ? 0 : member.clock().nanos().orElse(0);
    }
}
