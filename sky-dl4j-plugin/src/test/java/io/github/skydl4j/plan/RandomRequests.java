package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Seeded small planning problems: up to so many workers and units, memory limits and links. */
final class RandomRequests {

    private static final ScheduleKind[] SCHEDULES = ScheduleKind.values();

    private final Random random;
    private final int mostWorkers;
    private final int mostUnits;

    RandomRequests(long seed, int mostWorkers, int mostUnits) {
        this.random = new Random(seed);
        this.mostWorkers = mostWorkers;
        this.mostUnits = mostUnits;
    }

    PlanRequest next() {
        int workers = 1 + random.nextInt(mostWorkers);
        int units = 1 + random.nextInt(mostUnits);
        return new PlanRequest(
                units(units), cluster(workers, units), 1 + random.nextInt(6), SCHEDULES[random.nextInt(3)]);
    }

    private List<UnitProfile> units(int count) {
        List<UnitProfile> units = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            units.add(new UnitProfile("unit" + i, below(100), below(200), below(50), below(100), below(20), below(60))
                    .withUpdateNanos(below(80)));
        }
        return units;
    }

    private Cluster cluster(int workers, int units) {
        List<WorkerProfile> profiles = new ArrayList<>();
        boolean limited = random.nextBoolean();
        for (int i = 0; i < workers; i++) {
            long memory = limited ? 50 + below(300L * units / workers) : Long.MAX_VALUE;
            profiles.add(new WorkerProfile("w" + i, 1 + random.nextInt(4), memory));
        }
        return new Cluster(profiles, network(workers));
    }

    private Network network(int workers) {
        return switch (random.nextInt(4)) {
            case 0 -> new Network.Uniform(Link.INSTANT);
            case 1 -> new Network.Uniform(link());
            case 2 -> new Network.UpLinks(links(workers));
            default ->
                new Network.Pairs(
                        Stream.generate(() -> links(workers)).limit(workers).toList());
        };
    }

    private List<Link> links(int count) {
        return Stream.generate(this::link).limit(count).toList();
    }

    private Link link() {
        Link link = new Link(1e9 / (1 + random.nextInt(10)), below(100));
        List<WireType> types = List.of(WireType.values());
        return link.withWire(types.get((int) (link.latencyNanos() % types.size())));
    }

    private long below(long bound) {
        return (long) (random.nextDouble() * bound);
    }

    /** The next problem with some of its units pinned to workers. */
    PlanRequest nextPinned() {
        PlanRequest request = next();
        int units = request.units().size();
        List<Pin> pins = new ArrayList<>();
        int first = random.nextInt(units);
        pins.add(new Pin(
                random.nextInt(request.cluster().size()), first, Math.min(units, first + 1 + random.nextInt(2))));
        if (random.nextBoolean() && first > 0) {
            pins.add(new Pin(random.nextInt(request.cluster().size()), 0, 1));
        }
        return request.withOptions(request.options().withPins(pins));
    }

    /** The next problem with both ends on one of its workers. */
    PlanRequest nextOwned() {
        PlanRequest request = next();
        return request.withOptions(
                request.options().withOwner(random.nextInt(request.cluster().size())));
    }
}
