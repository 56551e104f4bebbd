package io.github.skydl4j.tune;

import io.github.skydl4j.plan.PlanRequest;
import java.util.ArrayList;
import java.util.List;

/** What was thought of the workers over time: first the profile, then what the runs had told. Used by one thread at a time. */
final class Revisions {
    private final List<PlanRequest> requests = new ArrayList<>();

    Revisions(PlanRequest believed) {
        requests.add(believed);
    }

    PlanRequest believed() {
        return requests.get(0);
    }

    /** Adds the latest; returns its number. */
    int add(PlanRequest request) {
        requests.add(request);
        return requests.size() - 1;
    }

    /** What the plan's order is made from. */
    PlanRequest request(TrialPlan plan) {
        return requests.get(plan.revision());
    }
}
