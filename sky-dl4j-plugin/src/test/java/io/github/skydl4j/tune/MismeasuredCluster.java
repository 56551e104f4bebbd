package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.Network;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * A cluster as it is, and as a profile has it that is wrong: speeds by up to 40 %, bandwidths and latencies by up to two
 * times, each by itself. The model is a BERT's row of blocks, three units each.
 */
record MismeasuredCluster(PlanRequest real, PlanRequest believed) {
    private static final double SPEED_ERROR = 1.4;
    private static final double LINK_ERROR = 2;

    /** The one of this seed; a third each with a link for all, a link for each worker, and a link for each pair. */
    static MismeasuredCluster seeded(long seed) {
        Random random = new Random(seed);
        int count = 3 + random.nextInt(6);
        List<UnitProfile> units = units(2 + random.nextInt(11), random);
        List<WorkerProfile> workers = new ArrayList<>();
        for (int w = 0; w < count; w++) {
            workers.add(new WorkerProfile("w" + w, 1 + 7 * random.nextDouble() * random.nextDouble(), Long.MAX_VALUE));
        }
        Network network = network((int) (seed % 3), count, random);
        int microBatches = 4 << random.nextInt(3);
        PlanRequest real = new PlanRequest(units, new Cluster(workers, network), microBatches, ScheduleKind.ROUND_TRIP);
        return new MismeasuredCluster(real, real.withCluster(wrong(real.cluster(), random)));
    }

    private static List<UnitProfile> units(int blocks, Random random) {
        List<UnitProfile> units = new ArrayList<>();
        units.add(new UnitProfile("embeddings", 300_000, 600_000, 1 << 20, 2 << 20, 1 << 20, 1 << 18));
        for (int b = 0; b < blocks; b++) {
            for (double share : new double[] {0.35, 0.3, 0.35}) {
                long forward = (long) (4e6 * share * (0.9 + 0.2 * random.nextDouble()));
                units.add(new UnitProfile(
                        "block" + b,
                        forward,
                        2 * forward,
                        1 << 20,
                        2 << 20,
                        1 << 20,
                        share == 0.3 ? 5 << 18 : 1 << 18));
            }
        }
        units.add(new UnitProfile("head", 100_000, 200_000, 1 << 20, 2 << 20, 1 << 20, 0));
        return units;
    }

    private static Network network(int kind, int workers, Random random) {
        return switch (kind) {
            case 0 -> new Network.Uniform(link(random));
            case 1 -> new Network.UpLinks(links(workers, random));
            default -> {
                List<List<Link>> rows = new ArrayList<>();
                for (int w = 0; w < workers; w++) {
                    rows.add(links(workers, random));
                }
                yield symmetric(rows);
            }
        };
    }

    private static Network symmetric(List<List<Link>> rows) {
        List<List<Link>> both = new ArrayList<>();
        for (int from = 0; from < rows.size(); from++) {
            List<Link> row = new ArrayList<>();
            for (int to = 0; to < rows.size(); to++) {
                row.add(rows.get(Math.min(from, to)).get(Math.max(from, to)));
            }
            both.add(row);
        }
        return new Network.Pairs(both);
    }

    private static List<Link> links(int count, Random random) {
        List<Link> links = new ArrayList<>();
        for (int l = 0; l < count; l++) {
            links.add(link(random));
        }
        return links;
    }

    /** From 10 to 1000 MB/s, up to 3 ms. */
    private static Link link(Random random) {
        return new Link(1e7 * Math.pow(100, random.nextDouble()), (long) (3e6 * random.nextDouble()));
    }

    private static Cluster wrong(Cluster real, Random random) {
        ToDoubleFunction<Double> factor = most -> Math.pow(most, 2 * random.nextDouble() - 1);
        List<WorkerProfile> workers = new ArrayList<>();
        for (WorkerProfile worker : real.workers()) {
            workers.add(new WorkerProfile(
                    worker.name(), worker.slowness() * factor.applyAsDouble(SPEED_ERROR), worker.memoryBytes()));
        }
        Network network = real.network();
        if (network instanceof Network.Uniform uniform) {
            return Cluster.uniform(workers, MeasuredNetwork.slower(uniform.link(), factor.applyAsDouble(LINK_ERROR)));
        }
        if (network instanceof Network.UpLinks own) {
            return Cluster.upLinks(
                    workers,
                    own.links().stream()
                            .map(link -> MeasuredNetwork.slower(link, factor.applyAsDouble(LINK_ERROR)))
                            .toList());
        }
        List<List<Link>> rows = new ArrayList<>();
        for (int from = 0; from < workers.size(); from++) {
            List<Link> row = new ArrayList<>();
            for (int to = 0; to < workers.size(); to++) {
                row.add(MeasuredNetwork.slower(network.link(from, to), factor.applyAsDouble(LINK_ERROR)));
            }
            rows.add(row);
        }
        return new Cluster(workers, symmetric(rows));
    }
}
