package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.plan.AllocInstance.Known;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The nine instances of Sky Computing's kind against what earlier work found. */
class AllocInstancesTest {

    static Stream<AllocInstance> instances() {
        return AllocInstance.NAMES.stream().map(AllocInstance::read);
    }

    @ParameterizedTest
    @MethodSource("instances")
    void evenSplitBehavesAsPublished(AllocInstance instance) {
        Known known = instance.known();
        assertThat(new EvenPlanner()
                        .plan(withoutMemoryLimits(instance.request()))
                        .bottleneckNanos())
                .isEqualTo(known.even());
        if (known.evenMemoryViolations() > 0) {
            assertThatThrownBy(() -> new EvenPlanner().plan(instance.request()))
                    .isInstanceOf(InfeasiblePlanException.class)
                    .hasMessageContaining("add a worker or raise microBatches");
        }
    }

    @ParameterizedTest
    @MethodSource("instances")
    void paperHeuristicBehavesAsPublished(AllocInstance instance) {
        assertThat(new PaperPlanner().plan(instance.request()).bottleneckNanos())
                .isEqualTo(instance.known().paper());
    }

    @ParameterizedTest
    @MethodSource("instances")
    void exactReachesTheOptimumInTheGivenOrder(AllocInstance instance) {
        PlanRequest request =
                instance.request().withOptions(instance.request().options().withFreeOrder(false));
        assertThat(new ExactPlanner().plan(request).bottleneckNanos())
                .isLessThanOrEqualTo(instance.known().optimumInGivenOrder());
    }

    @ParameterizedTest
    @MethodSource("instances")
    void exactIsAtLeastAsGoodAsTheBestKnownAndProvesIt(AllocInstance instance) {
        Known known = instance.known();
        Allocation allocation = new ExactPlanner().plan(instance.request());

        assertThat(PlanValidator.validate(instance.request(), allocation)).isEmpty();
        assertThat(allocation.bottleneckNanos()).isLessThanOrEqualTo(known.bestFound());
        assertThat((double) allocation.prediction().bottleneckBoundNanos())
                .isGreaterThanOrEqualTo(known.lowerBoundWithMemory() * (1 - 1e-7));
        assertThat(allocation.prediction().bottleneckGap()).isBetween(0.0, 0.005);
    }

    private static PlanRequest withoutMemoryLimits(PlanRequest request) {
        List<WorkerProfile> unlimited = request.cluster().workers().stream()
                .map(worker -> new WorkerProfile(worker.name(), worker.slowness(), Long.MAX_VALUE))
                .toList();
        return request.withCluster(Cluster.instant(unlimited));
    }
}
