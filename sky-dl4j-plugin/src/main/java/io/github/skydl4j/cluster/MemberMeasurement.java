package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageBlueprint;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.UnitProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures members: how fast they run the first units of the model compared with the coordinator's JVM, and how far away they
 * are. Confined to the coordinator's driving thread.
 */
final class MemberMeasurement {
    private static final int FEWEST_UNITS = 4;
    private static final double SHARE_OF_WORK = 0.1;
    private static final int SMALL_ECHOES = 7;
    private static final int LARGE_ECHOES = 3;
    private static final long LARGE_BYTES = 1 << 20;
    private static final Duration ECHO_LIMIT = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final Conversation talk;
    private final StageBlueprint units;
    private final MicroBatch sample;
    private final Duration profiling;
    private long referenceNanos;
    private int echoes;

    /** Prepares to measure; this JVM, the reference, is measured with the first members. */
    MemberMeasurement(
            Conversation talk,
            GraphSplitter splitter,
            List<UnitProfile> profiles,
            MicroBatch sample,
            Duration profiling) {
        this.talk = talk;
        this.units = splitter.blueprint(0, units(profiles));
        this.sample = Share.of(sample, units.spec());
        this.profiling = profiling;
    }

    /** Measures those that have not been; a member that is lost meanwhile is not. */
    void measureNew() {
        List<String> names = talk.members().stream()
                .filter(member -> member.slowness().isEmpty())
                .map(Member::name)
                .toList();
        if (names.isEmpty()) {
            return;
        }
        if (referenceNanos == 0) {
            referenceNanos = SpeedTest.passNanos(units, sample, profiling, profiling);
        }
        Map<String, Link> links = new HashMap<>();
        for (String name : names) {
            links.put(name, link(name));
        }
        long nanos = profiling.toNanos();
        names.forEach(name -> talk.tell(name, new Order.Measure(units, sample, nanos, nanos)));
        Map<String, Report.Measured> measured = new HashMap<>();
        // Members on one machine share its cores, so all of them together take longer than each by itself.
        Duration limit = profiling.multipliedBy(2L * names.size()).plus(GRACE);
        talk.gather(Report.Measured.class, names, limit, received -> {
            measured.put(received.peer(), (Report.Measured) received.message());
            return true;
        });
        for (String name : names) {
            Member member = Objects.requireNonNull(talk.member(name));
            Report.Measured report = Objects.requireNonNull(measured.get(name));
            double slowness = (double) report.nanos() / referenceNanos;
            member.measured(slowness, Objects.requireNonNull(links.get(name)), report.memoryBytes());
        }
    }

    private Link link(String worker) {
        long small = echo(worker, 1, SMALL_ECHOES);
        long large = echo(worker, LARGE_BYTES, LARGE_ECHOES);
        double transferNanos = Math.max(1, large - small);
        return new Link(LARGE_BYTES / transferNanos * 1e9, small / 2);
    }

    /** Time there and back, median. The answer is small. */
    private long echo(String worker, long bytes, int times) {
        List<Long> nanos = new ArrayList<>();
        try (INDArray payload = Nd4j.create(DataType.INT8, bytes)) {
            for (int i = 0; i < times; i++) {
                int id = ++echoes;
                long start = System.nanoTime();
                talk.tell(worker, new Order.Echo(id, payload));
                talk.gather(
                        Report.Echoed.class,
                        List.of(worker),
                        ECHO_LIMIT,
                        received -> ((Report.Echoed) received.message()).id() == id);
                nanos.add(System.nanoTime() - start);
            }
        }
        nanos.sort(null);
        return nanos.get(nanos.size() / 2);
    }

    /** A few units that together do a fair part of the work. */
    private static int units(List<UnitProfile> profiles) {
        double all = profiles.stream().mapToDouble(MemberMeasurement::nanos).sum();
        double sum = 0;
        for (int u = 0; u < profiles.size(); u++) {
            sum += nanos(profiles.get(u));
            if (u + 1 >= FEWEST_UNITS && sum >= SHARE_OF_WORK * all) {
                return u + 1;
            }
        }
        return profiles.size();
    }

    private static double nanos(UnitProfile unit) {
        return unit.forwardNanos() + unit.backwardNanos();
    }
}
