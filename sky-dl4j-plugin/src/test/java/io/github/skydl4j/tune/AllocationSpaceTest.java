package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.PlanValidator;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.junit.jupiter.api.Test;

class AllocationSpaceTest {
    private static final int DRAWS = 2000;
    private static final SearchSpace SEARCH = SearchSpace.of(List.of(4, 8, 16)).withRecompute();

    @Test
    void everyCandidateHasValidStagesAndMostDifferFromThePlan() {
        PlanRequest request = SmallSearch.request(14, 1, 2, 4, 7);
        Set<TrialPlan> distinct = new HashSet<>();
        for (TrialPlan candidate : drawn(request)) {
            assertThat(PlanValidator.validate(candidate.requestFrom(request), candidate.stages()))
                    .isEmpty();
            assertThat(new Forecast(request, request).stepNanos(candidate)).isPositive();
            distinct.add(candidate);
        }
        assertThat(distinct).hasSizeGreaterThan(DRAWS / 4);
        assertThat(distinct).extracting(TrialPlan::schedule).contains(ScheduleKind.values());
        assertThat(distinct).extracting(TrialPlan::microBatches).contains(4, 8, 16);
        assertThat(distinct).extracting(candidate -> candidate.workers().size()).contains(2, 3, 4);
    }

    @Test
    void candidatesThatDoNotFitAreRefusedByTheSimulatorBeforeTheyRun() {
        PlanRequest request = SmallSearch.limited(14, 2500, 1, 2, 4, 7);
        Forecast forecast = new Forecast(request, request);
        int fitting = 0;
        int refused = 0;
        for (TrialPlan candidate : drawn(request)) {
            try {
                forecast.stepNanos(candidate);
                fitting++;
            } catch (InfeasiblePlanException e) {
                assertThat(e).hasMessageContaining("needs");
                refused++;
            }
        }
        assertThat(fitting).isGreaterThan(DRAWS / 10);
        assertThat(refused).isPositive();
    }

    @Test
    void anOwnerOfBothEndsKeepsThem() {
        PlanRequest request = SmallSearch.request(14, 1, 2, 4, 7).withOwner("w2");
        for (TrialPlan candidate : drawn(request)) {
            assertThat(candidate.workers().get(0)).isEqualTo(2);
            assertThat(candidate.workers().get(candidate.workers().size() - 1)).isEqualTo(2);
        }
    }

    @Test
    void aWireTypeIsOnlyThereWhereATransferChangesByIt() {
        PlanRequest request = SmallSearch.request(14, 1, 2, 4, 7);
        PlanRequest narrow = request.withCluster(request.cluster().withWire(WireType.BFLOAT16));
        SearchSpace search = SEARCH.withWires(List.of(WireType.EXACT, WireType.BFLOAT16));
        for (TrialPlan candidate : drawn(request, search)) {
            assertThat(candidate.wire()).isIn(WireChoice.AS_GIVEN, WireChoice.BFLOAT16);
            assertThat(candidate.workers().size() == 1 && candidate.wire() != WireChoice.AS_GIVEN)
                    .isFalse();
        }
        assertThat(drawn(narrow, search))
                .extracting(TrialPlan::wire)
                .contains(WireChoice.AS_GIVEN, WireChoice.EXACT)
                .doesNotContain(WireChoice.BFLOAT16);
    }

    @Test
    void oneChoiceIsNoParameter() {
        PlanRequest request = SmallSearch.request(14, 1, 2);
        SearchSpace narrow = new SearchSpace(
                List.of(new ExactPlanner()),
                List.of(8),
                List.of(ScheduleKind.GPIPE),
                List.of(1.0, 2.0),
                List.of(false),
                List.of(WireChoice.AS_GIVEN));
        assertThat(new AllocationSpace(bases(request), narrow, false).numParameters())
                .isEqualTo(1);
    }

    private static List<TrialPlan> drawn(PlanRequest request) {
        return drawn(request, SEARCH);
    }

    private static List<TrialPlan> drawn(PlanRequest request, SearchSpace search) {
        RandomSearchGenerator generator = new RandomSearchGenerator(new AllocationSpace(bases(request), search, true));
        generator.setRngSeed(11);
        return Stream.generate(() -> drawn(generator)).limit(DRAWS).toList();
    }

    private static TrialPlan drawn(RandomSearchGenerator generator) {
        Candidate<?> candidate = generator.getCandidate();
        assertThat(candidate.getException()).isNull();
        return (TrialPlan) candidate.getValue();
    }

    private static BasePlans bases(PlanRequest request) {
        return new BasePlans(request, TrialPlan.of(new ExactPlanner().plan(request), request.schedule(), false));
    }
}
