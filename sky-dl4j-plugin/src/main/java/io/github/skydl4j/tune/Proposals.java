package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.Network;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.WorkerProfile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which candidates deserve a run next: what the planner makes of the speeds and links as measured; what it would make of
 * them if those never measured were as good as they may be, which finds out whether they are; and the fastest of many
 * simulated ones. Confined to one thread.
 */
final class Proposals {
    /** How much faster than believed a worker or a link that was never measured may be. */
    private static final double FASTER_WORKER = 0.6;

    private static final double FASTER_LINK = 0.5;

    private final TrialPlan plan;
    private final TuningOptions options;
    private int simulated;

    Proposals(TrialPlan plan, TuningOptions options) {
        this.plan = plan;
        this.options = options;
    }

    /** Candidates simulated so far. */
    int simulated() {
        return simulated;
    }

    /** Distinct, the most promising first; their order is made from the calibration, whose number is {@code revision}. */
    List<TrialPlan> from(Calibration calibration, int revision, long limitNanos) {
        Set<TrialPlan> proposals = new LinkedHashSet<>();
        for (WireChoice wire : options.search().wires()) {
            planned(calibration.request(), wire).ifPresent(proposals::add);
            planned(hopeful(calibration), wire).ifPresent(proposals::add);
        }
        proposals.addAll(simulated(calibration, revision, limitNanos));
        return proposals.stream()
                .map(proposal -> proposal.withRevision(revision))
                .toList();
    }

    private List<TrialPlan> simulated(Calibration calibration, int revision, long limitNanos) {
        SimulatedStepScore score = new SimulatedStepScore(new Forecast(calibration.request(), calibration.request()));
        SimulatedPool pool = new SimulatedPool();
        BasePlans bases = new BasePlans(calibration.request(), plan);
        ArbiterSearch search = new ArbiterSearch(
                options.generator().over(bases, options.search(), score, options.seed() + revision),
                score,
                pool,
                options.simulated(),
                options.simulated());
        simulated += search.run(limitNanos, List.of());
        return pool.fastestFirst();
    }

    private Optional<TrialPlan> planned(PlanRequest request, WireChoice wire) {
        Cluster given = request.cluster();
        try {
            Allocation planned = options.planner().plan(request.withCluster(wire.on(given)));
            return Optional.of(TrialPlan.of(planned, request.schedule(), options.recompute())
                    .withWire(wire, given));
        } catch (InfeasiblePlanException e) {
            return Optional.empty();
        }
    }

    private static PlanRequest hopeful(Calibration calibration) {
        Cluster cluster = calibration.request().cluster();
        List<WorkerProfile> workers = new ArrayList<>();
        for (int w = 0; w < cluster.size(); w++) {
            boolean known = calibration.workers().contains(w);
            workers.add(known ? cluster.worker(w) : Calibration.slower(cluster.worker(w), FASTER_WORKER));
        }
        return calibration.request().withCluster(new Cluster(workers, hopeful(cluster, calibration.links())));
    }

    private static Network hopeful(Cluster cluster, Set<LinkUse.Pair> measured) {
        if (!(cluster.network() instanceof Network.Pairs pairs)) {
            return cluster.network();
        }
        List<List<Link>> rows = new ArrayList<>();
        for (int from = 0; from < cluster.size(); from++) {
            List<Link> row = new ArrayList<>();
            for (int to = 0; to < cluster.size(); to++) {
                boolean known = measured.contains(LinkUse.Pair.of(from, to));
                Link link = pairs.link(from, to);
                row.add(known ? link : MeasuredNetwork.slower(link, FASTER_LINK));
            }
            rows.add(row);
        }
        return new Network.Pairs(rows);
    }
}
