package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTypeTest {

    @ParameterizedTest
    @CsvSource({
        "EXACT, EXACT, EXACT",
        "EXACT, FLOAT16, FLOAT16",
        "EXACT, BFLOAT16, BFLOAT16",
        "FLOAT16, FLOAT16, FLOAT16",
        "FLOAT16, BFLOAT16, BFLOAT16"
    })
    void sixteenBitsWinAndAmongThemTheRangeOfFloat32(WireType one, WireType other, WireType both) {
        assertThat(one.with(other)).isEqualTo(both);
        assertThat(other.with(one)).isEqualTo(both);
    }

    @Test
    void aLinkOfSixteenBitsTakesHalfTheTimeForItsBytes() {
        Link link = new Link(1e9, 500);
        assertThat(link.nanos(3001)).isEqualTo(500 + 3001);
        assertThat(link.withWire(WireType.FLOAT16).nanos(3001)).isEqualTo(500 + 1501);
        assertThat(link.withWire(WireType.FLOAT16).transferNanos(3001)).isEqualTo(500 + 3001);
    }

    @Test
    void theWorstOfTwoLinksIsNoShorterThanEither() {
        Link narrow = new Link(1e6, 10, WireType.BFLOAT16);
        Link exact = new Link(1.5e6, 0);
        for (Link other : List.of(exact, narrow, narrow.withWire(WireType.FLOAT16))) {
            assertThat(narrow.worstOf(other).nanos(1000)).isGreaterThanOrEqualTo(narrow.nanos(1000));
            assertThat(narrow.worstOf(other).nanos(1000)).isGreaterThanOrEqualTo(other.nanos(1000));
            assertThat(narrow.fasterOf(other).nanos(1000)).isLessThanOrEqualTo(narrow.nanos(1000));
            assertThat(narrow.fasterOf(other).nanos(1000)).isLessThanOrEqualTo(other.nanos(1000));
        }
    }

    @Test
    void whatAWorkerAsksForHoldsOnAllOfItsLinksInEveryKindOfNetwork() {
        Link link = new Link(1e9, 7);
        List<Network> networks = List.of(
                new Network.Uniform(link),
                new Network.UpLinks(Collections.nCopies(3, link)),
                new Network.Pairs(Collections.nCopies(3, Collections.nCopies(3, link))));
        for (Network network : networks) {
            Network wired = network.withWires(List.of(WireType.EXACT, WireType.EXACT, WireType.BFLOAT16));
            assertThat(wired.link(0, 1)).isEqualTo(link);
            assertThat(wired.link(0, 2)).isEqualTo(link.withWire(WireType.BFLOAT16));
            assertThat(wired.link(2, 1)).isEqualTo(link.withWire(WireType.BFLOAT16));
        }
        assertThat(networks.get(0).withWires(Collections.nCopies(3, WireType.FLOAT16)))
                .isEqualTo(new Network.Uniform(link.withWire(WireType.FLOAT16)));
    }

    @Test
    void theUsualTypeHoldsForWorkersThatNobodyNamed() {
        WireTypes wires = new WireTypes(WireType.FLOAT16, Map.of("a", WireType.BFLOAT16, "b", WireType.EXACT));
        assertThat(wires.of("a")).isEqualTo(WireType.BFLOAT16);
        assertThat(wires.of("b")).isEqualTo(WireType.FLOAT16);
        assertThat(wires.of("stranger")).isEqualTo(WireType.FLOAT16);
    }

    /** Two equal units behind a link that takes as long as one of them: with 16 bits it no longer is the bottleneck. */
    @Test
    void planAndPredictionCountHalfTheBytes() {
        PlanRequest exact = new PlanRequest(
                Collections.nCopies(2, new UnitProfile("u", 100_000, 200_000, 0, 0, 0, 400_000)),
                Cluster.uniform(
                        List.of(new WorkerProfile("a", 1, Long.MAX_VALUE), new WorkerProfile("b", 1, Long.MAX_VALUE)),
                        new Link(1e9, 0)),
                16,
                ScheduleKind.ROUND_TRIP);
        PlanRequest narrow = exact.withCluster(exact.cluster().withWire(WireType.BFLOAT16));
        Allocation plan = new EvenPlanner().plan(exact);
        Allocation narrowPlan = new EvenPlanner().plan(narrow);
        assertThat(plan.bottleneckNanos()).isEqualTo(400_000);
        assertThat(narrowPlan.bottleneckNanos()).isEqualTo(300_000);
        assertThat(narrowPlan.stepNanos()).isLessThan(plan.stepNanos());
        Host host = Host.ideal(2);
        assertThat(EmulatedStep.nanos(host, narrow, narrowPlan)).isLessThan(EmulatedStep.nanos(host, exact, plan));
        assertThat(new ExactPlanner().plan(narrow).boundNanos())
                .isLessThanOrEqualTo(new ExactPlanner().plan(narrow).stepNanos());
        assertThat(narrow.cluster().wire(narrowPlan.stages(), 0)).isEqualTo(WireType.BFLOAT16);
        assertThat(narrow.cluster().wire(narrowPlan.stages(), 1)).isEqualTo(WireType.EXACT);
    }
}
