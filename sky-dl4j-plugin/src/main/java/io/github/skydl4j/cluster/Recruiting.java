package io.github.skydl4j.cluster;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.plan.WorkerProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Plans the stages for the members that are there. Confined to the coordinator's driving thread. */
final class Recruiting {
    private final Coordinator coordinator;
    private final MemberMeasurement measurement;
    private final List<UnitProfile> units;
    private final int microBatches;
    private final RunSettings settings;

    Recruiting(
            Coordinator coordinator,
            MemberMeasurement measurement,
            List<UnitProfile> units,
            int microBatches,
            RunSettings settings) {
        this.coordinator = coordinator;
        this.measurement = measurement;
        this.units = units;
        this.microBatches = microBatches;
        this.settings = settings;
    }

    /** Whether somebody has joined since the plan was made. */
    boolean hasNewcomers(CrewPlan plan) {
        return candidates().stream().anyMatch(member -> !plan.workers().contains(member.name()));
    }

    /**
     * Plans; waits for more members as long as a start may take if those there cannot hold the model, and as long as members
     * that start together may need for each other if they can.
     *
     * @throws InfeasiblePlanException if that does not help, with what is missing and where the state is
     */
    CrewPlan plan() {
        long end = System.nanoTime() + coordinator.options().joinLimit().toNanos();
        while (true) {
            coordinator.conversation().catchUp();
            awaitCompanions(end);
            coordinator.conversation().planAnew();
            if (settings.known().of(candidates()).isEmpty()) {
                measurement.measureNew();
            }
            Collection<Member> members = candidates();
            String missing;
            try {
                if (!members.isEmpty()) {
                    return plan(members);
                }
                missing = "no worker is left";
            } catch (InfeasiblePlanException e) {
                missing = String.valueOf(e.getMessage());
            }
            int there = members.size();
            coordinator.tell(new ClusterEvent.Waiting(there, there + 1));
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            if (!coordinator.conversation().await(left, () -> candidates().size() > there)) {
                throw new InfeasiblePlanException(missing + "; the state of step "
                        + coordinator.latest().mark().iteration() + " is in "
                        + coordinator.latest().folder() + ": go on from it with --resume");
            }
        }
    }

    private void awaitCompanions(long end) {
        int expected = coordinator.options().expected();
        Duration together = coordinator.options().togetherLimit();
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        if (candidates().size() < expected && !together.isZero()) {
            coordinator.tell(new ClusterEvent.Waiting(candidates().size(), expected));
            coordinator
                    .conversation()
                    .await(
                            together.compareTo(left) < 0 ? together : left,
                            () -> candidates().size() >= expected);
        }
    }

    private CrewPlan plan(Collection<Member> members) {
        Cluster cluster = settings.known().of(members).orElseGet(() -> asMeasured(members));
        PlanRequest request = new PlanRequest(units, cluster, microBatches, settings.schedule());
        Allocation allocation = settings.planner().plan(request);
        return new CrewPlan(
                request, allocation, members.stream().map(Member::name).toList());
    }

    private Cluster asMeasured(Collection<Member> members) {
        List<WorkerProfile> profiles = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (Member member : members) {
            double slowness = member.slowness().orElse(1) * settings.dilation();
            profiles.add(
                    new WorkerProfile(member.name(), slowness, member.traits().memoryBytes()));
            links.add(member.link().withWire(settings.wires().of(member.name())));
        }
        return Cluster.upLinks(profiles, links);
    }

    private List<Member> candidates() {
        return coordinator.conversation().members().stream()
                .filter(member -> !member.isLeaving())
                .toList();
    }
}
