package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.WireType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SkyTunerTest {

    @ParameterizedTest
    @EnumSource(Generator.class)
    void triesTheSameCandidatesWithTheSameSeed(Generator generator) {
        List<TrialPlan> first = candidates(generator, 5);
        assertThat(first).hasSizeGreaterThan(5);
        assertThat(candidates(generator, 5)).isEqualTo(first);
        if (generator != Generator.GRID) {
            assertThat(candidates(generator, 6)).isNotEqualTo(first);
        }
    }

    @Test
    void runsThePlanFirstAndNeverReturnsAnythingSlower() {
        PlanRequest request = SmallSearch.request(12, 1, 2, 4);
        List<TrialPlan> tried = new ArrayList<>();
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(request), 0.01, 1);
        TuningResult result =
                SmallSearch.tuner(request, recording(workers, tried)).build().run();
        TrialPlan plan = result.plan().orElseThrow().plan();
        assertThat(tried.get(0)).isEqualTo(plan);
        assertThat(plan.revision()).isZero();
        assertThat(workers.stepNanos(result.best().plan(), result.order()))
                .isLessThanOrEqualTo((long) (workers.stepNanos(plan, request) * 1.02));
        assertThat(result.gain(result.plan().orElseThrow())).isZero();
        assertThat(result.noise()).isBetween(0.0, 0.05);
    }

    @Test
    void findsOutThatALeftOutWorkerIsFast() {
        PlanRequest believed = SmallSearch.request(6, 1, 1, 40);
        PlanRequest real = SmallSearch.request(6, 1, 1, 1);
        SimulatedWorkers workers = new SimulatedWorkers(new MismeasuredCluster(real, believed), 0, 1);
        TuningResult result = SmallSearch.tuner(believed, workers).build().run();
        assertThat(result.plan().orElseThrow().plan().workers()).doesNotContain(2);
        assertThat(result.best().plan().workers()).contains(2);
        assertThat(result.gain()).isGreaterThan(0.1);
        assertThat(result.measured().cluster().worker(2).slowness()).isBetween(0.99, 1.01);
    }

    @Test
    void notesWhyCandidatesFailAndGoesOn() {
        PlanRequest request = SmallSearch.request(12, 1, 2, 4);
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(request), 0, 1);
        List<TrialPlan> tried = new ArrayList<>();
        Trial moody = (plan, order, limit) -> {
            tried.add(plan);
            if (tried.size() == 3) {
                throw new IllegalStateException("stage 1 on w1 failed in F2", new IllegalStateException("w1 is lost"));
            }
            if (tried.size() == 4) {
                throw new OutOfMemoryError("off-heap");
            }
            return workers.run(plan, order, limit);
        };
        TuningResult result = SmallSearch.tuner(request, moody).build().run();
        assertThat(result.failed())
                .containsEntry(tried.get(2), "w1 is lost")
                .containsEntry(tried.get(3), "java.lang.OutOfMemoryError: off-heap");
        assertThat(result.ranking()).hasSizeGreaterThan(3);
        assertThat(tried).filteredOn(plan -> plan.equals(tried.get(2))).hasSize(1);
    }

    @Test
    void goesOnWithoutAWorkerThatIsLost() {
        PlanRequest request = SmallSearch.request(12, 1, 1, 1);
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(request), 0, 1);
        List<TrialPlan> tried = new ArrayList<>();
        TuningResult result = SmallSearch.tuner(request, (plan, order, limit) -> {
                    tried.add(plan);
                    if (plan.workers().contains(1)) {
                        throw new IllegalStateException("w1 is lost");
                    }
                    return workers.run(plan, order, limit);
                })
                .build()
                .run();
        assertThat(result.plan()).isEmpty();
        assertThat(result.best().plan().workers()).doesNotContain(1);
        assertThat(tried.subList(8, tried.size()))
                .allSatisfy(plan -> assertThat(plan.workers()).doesNotContain(1));
    }

    @Test
    void saysWhyThePlanFailedIfNothingCouldRun() {
        PlanRequest request = SmallSearch.request(4, 1, 1);
        SkyTuner tuner = SmallSearch.tuner(request, (plan, order, limit) -> {
                    throw new IllegalStateException("the data is gone");
                })
                .build();
        assertThatThrownBy(tuner::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no candidate could run")
                .hasMessageContaining("the data is gone");
    }

    @Test
    void keepsThePlanWhereNothingIsFasterByMoreThanTheNoise() {
        PlanRequest request = SmallSearch.request(12, 1, 2, 4);
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(request), 0.2, 4);
        TuningResult result = SmallSearch.tuner(request, workers).build().run();
        assertThat(result.noise()).isGreaterThan(0.02);
        assertThat(result.best().equals(result.plan().orElseThrow()) || result.gain() > result.noise())
                .isTrue();
    }

    /** A host that was three times slower for a while once hid a gain of a tenth, since all runs were compared with all. */
    @Test
    void findsAGainThatIsSmallAgainstWhatAllRunsOfATurnSuffer() {
        PlanRequest believed = SmallSearch.request(12, 1, 2, 4);
        PlanRequest real = SmallSearch.request(12, 1, 1.7, 3);
        SimulatedWorkers workers = new SimulatedWorkers(new MismeasuredCluster(real, believed), 0.002, 1);
        int candidates = 12;
        Map<TrialPlan, Integer> runs = new HashMap<>();
        Trial disturbed = (plan, order, limit) -> {
            Measurement run = workers.run(plan, order, limit);
            long slower = runs.merge(plan, 1, Integer::sum) == 2 ? 3 : 1;
            return new Measurement(
                    run.stepNanos() * slower, run.forwardNanos(), run.backwardNanos(), run.transferNanos());
        };
        TuningResult result = SmallSearch.tuner(believed, disturbed)
                .candidates(candidates)
                .patience(candidates)
                .build()
                .run();
        assertThat(runs.values()).contains(3);
        assertThat(result.noise()).isLessThan(0.02);
        assertThat(result.best()).isNotEqualTo(result.plan().orElseThrow());
        assertThat(result.gain()).isGreaterThan(result.noise());
        assertThat(workers.stepNanos(result.best().plan(), result.order()))
                .isLessThan(workers.stepNanos(result.plan().orElseThrow().plan(), believed));
    }

    @Test
    void leavesNumbersAsTheyAreUnlessItIsAllowedToChangeThem() {
        PlanRequest request = slowLinks();
        List<TrialPlan> tried = new ArrayList<>();
        SmallSearch.tuner(request, recording(new SimulatedWorkers(SmallSearch.honest(request), 0.01, 1), tried))
                .build()
                .run();
        assertThat(tried).extracting(TrialPlan::wire).containsOnly(WireChoice.AS_GIVEN);
    }

    @Test
    void findsThatSixteenBitsArePaidBackBySlowLinks() {
        PlanRequest request = slowLinks();
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(request), 0.01, 1);
        List<TrialPlan> tried = new ArrayList<>();
        TuningResult result = SmallSearch.tuner(request, recording(workers, tried))
                .search(SearchSpace.of(List.of(SmallSearch.MICRO_BATCHES))
                        .withWires(List.of(WireType.EXACT, WireType.BFLOAT16)))
                .build()
                .run();
        assertThat(tried.get(0).wire()).isEqualTo(WireChoice.AS_GIVEN);
        assertThat(tried).extracting(TrialPlan::wire).containsOnly(WireChoice.AS_GIVEN, WireChoice.BFLOAT16);
        assertThat(result.best().plan().wire()).isEqualTo(WireChoice.BFLOAT16);
        assertThat(result.gain()).isGreaterThan(0.1);
        assertThat(result.tuned().wire()).isEqualTo(WireType.BFLOAT16);
        assertThat(result.measured().cluster().link(0, 1).nanos(100_000))
                .isCloseTo(request.cluster().link(0, 1).nanos(100_000), withinPercentage(5));
    }

    private static PlanRequest slowLinks() {
        PlanRequest request = SmallSearch.request(12, 1, 1, 1, 1);
        return request.withCluster(
                Cluster.upLinks(request.cluster().workers(), Collections.nCopies(4, new Link(1e7, 100_000))));
    }

    @Test
    void endsWithinItsBudgetAndKeepsTimeToRunTheBestAgain() {
        PlanRequest request = SmallSearch.request(12, 1, 2, 4);
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(request), 0, 1);
        AtomicLong clock = new AtomicLong();
        Duration run = Duration.ofSeconds(5);
        Duration budget = Duration.ofSeconds(100);
        TuningResult result = SmallSearch.tuner(request, (plan, order, limit) -> {
                    clock.addAndGet(run.toNanos());
                    return workers.run(plan, order, limit);
                })
                .clock(clock::get)
                .budget(budget)
                .patience(1000)
                .candidates(1000)
                .build()
                .run();
        assertThat(Duration.ofNanos(clock.get())).isLessThanOrEqualTo(budget);
        assertThat(result.reason()).isEqualTo("the time is up");
        assertThat(result.best().runs()).hasSize(3);
        assertThat(result.plan().orElseThrow().runs()).hasSize(3);
    }

    @Test
    void runsNoMoreCandidatesThanAskedFor() {
        PlanRequest request = SmallSearch.request(12, 1, 2, 4);
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(request), 0.01, 1);
        TuningResult result = SmallSearch.tuner(request, workers)
                .candidates(5)
                .patience(100)
                .build()
                .run();
        assertThat(result.ranking()).hasSize(5);
        assertThat(result.reason()).isEqualTo("as many candidates have run as were asked for");
    }

    @Test
    void refusesValuesOutOfRange() {
        PlanRequest request = SmallSearch.request(4, 1, 1);
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(request), 0, 1);
        assertThatThrownBy(
                        () -> SkyTuner.builder(request, workers).candidates(0).build())
                .hasMessage("candidates is 0: it must be at least 1");
        assertThatThrownBy(() ->
                        SkyTuner.builder(request, workers).budget(Duration.ZERO).build())
                .hasMessage("budget is PT0S: it must be above 0");
    }

    private static List<TrialPlan> candidates(Generator generator, long seed) {
        PlanRequest request = SmallSearch.request(14, 1, 2, 4, 7);
        List<TrialPlan> tried = new ArrayList<>();
        SmallSearch.tuner(request, recording(new SimulatedWorkers(SmallSearch.honest(request), 0.01, 1), tried))
                .generator(generator)
                .seed(seed)
                .build()
                .run();
        return tried;
    }

    private static Trial recording(Trial trial, List<TrialPlan> tried) {
        return (plan, order, limit) -> {
            tried.add(plan);
            return trial.run(plan, order, limit);
        };
    }
}
