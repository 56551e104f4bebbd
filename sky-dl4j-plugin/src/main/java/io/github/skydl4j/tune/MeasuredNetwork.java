package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network put right by measured transfers: bandwidth and latency of a link change by one factor. Where every worker has a
 * link of its own, the slower of two explains a transfer: a link is not slower than its fastest transfer says, and of two
 * links one is as slow as their transfer says.
 */
final class MeasuredNetwork {

    private MeasuredNetwork() {}

    static Network of(Cluster cluster, List<LinkUse> uses) {
        if (uses.isEmpty()) {
            return cluster.network();
        }
        if (cluster.network() instanceof Network.UpLinks own) {
            return new Network.UpLinks(upLinks(own.links(), uses));
        }
        return pairs(cluster, uses);
    }

    private static List<Link> upLinks(List<Link> links, List<LinkUse> uses) {
        List<Link> measured = new ArrayList<>(links);
        Map<Integer, Double> ceilings = new HashMap<>();
        for (LinkUse use : uses) {
            ceilings.merge(use.from(), factor(links.get(use.from()), use), Math::min);
            ceilings.merge(use.to(), factor(links.get(use.to()), use), Math::min);
        }
        ceilings.forEach((worker, ceiling) -> measured.set(worker, slower(links.get(worker), Math.min(1, ceiling))));
        for (LinkUse use : uses) {
            if (factor(measured.get(use.from()).slowerOf(measured.get(use.to())), use) > 1) {
                int slow = explaining(links, ceilings, use);
                measured.set(slow, slower(links.get(slow), ceilings.getOrDefault(slow, 1.0)));
            }
        }
        return measured;
    }

    /** Which of the two workers' links may be as slow as the transfer; the one believed slower where both may. */
    private static int explaining(List<Link> links, Map<Integer, Double> ceilings, LinkUse use) {
        long from = slower(links.get(use.from()), ceilings.getOrDefault(use.from(), 1.0))
                .transferNanos(use.bytes());
        long to = slower(links.get(use.to()), ceilings.getOrDefault(use.to(), 1.0))
                .transferNanos(use.bytes());
        if (Math.abs(from - to) * 50 > Math.max(from, to)) {
            return from > to ? use.from() : use.to();
        }
        return links.get(use.from()).transferNanos(use.bytes())
                        >= links.get(use.to()).transferNanos(use.bytes())
                ? use.from()
                : use.to();
    }

    private static Network pairs(Cluster cluster, List<LinkUse> uses) {
        Map<LinkUse.Pair, List<Double>> factors = new HashMap<>();
        for (LinkUse use : uses) {
            factors.computeIfAbsent(use.pair(), pair -> new ArrayList<>())
                    .add(factor(cluster.link(use.from(), use.to()), use));
        }
        List<List<Link>> rows = new ArrayList<>();
        for (int from = 0; from < cluster.size(); from++) {
            List<Link> row = new ArrayList<>();
            for (int to = 0; to < cluster.size(); to++) {
                List<Double> measured = factors.getOrDefault(LinkUse.Pair.of(from, to), List.of(1.0));
                row.add(slower(cluster.link(from, to), Medians.ofRatios(measured)));
            }
            rows.add(row);
        }
        return new Network.Pairs(rows);
    }

    /** By what the link is slower than believed. */
    private static double factor(Link link, LinkUse use) {
        return (double) use.nanos() / Math.max(1, link.transferNanos(use.bytes()));
    }

    /** A link that costs nothing is left so: there is nothing to stretch. */
    static Link slower(Link link, double factor) {
        return link.slower(factor);
    }
}
