package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.List;

/** A small problem: equal units, workers of given slowness, a link of its own for each. */
final class SmallSearch {
    static final int MICRO_BATCHES = 8;

    private SmallSearch() {}

    static PlanRequest request(int units, double... slowness) {
        return limited(units, Long.MAX_VALUE, slowness);
    }

    static PlanRequest limited(int units, long memoryBytes, double... slowness) {
        List<UnitProfile> profiles = new ArrayList<>();
        for (int u = 0; u < units; u++) {
            profiles.add(new UnitProfile("u" + u, 1_000_000, 2_000_000, 100, 200, 50, 100_000));
        }
        List<WorkerProfile> workers = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (double slow : slowness) {
            workers.add(new WorkerProfile("w" + workers.size(), slow, memoryBytes));
            links.add(new Link(1e9, 100_000));
        }
        return new PlanRequest(profiles, Cluster.upLinks(workers, links), MICRO_BATCHES, ScheduleKind.ROUND_TRIP);
    }

    static MismeasuredCluster honest(PlanRequest request) {
        return new MismeasuredCluster(request, request);
    }

    static SkyTuner.Builder tuner(PlanRequest believed, Trial trial) {
        return SkyTuner.builder(believed, trial).simulated(60).candidates(20).seed(3);
    }
}
