package io.github.skydl4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkOrderTest {

    @Test
    void takesAsLongAsItsTimelineWhateverChangesPlaces() {
        Random random = new Random(21);
        int exchanged = 0;
        for (int i = 0; i < 300; i++) {
            StageTimes times = RandomTimes.of(random);
            int microBatches = 1 + random.nextInt(12);
            List<Integer> limits = RandomTimes.limits(random, times.stageCount(), microBatches);
            WorkOrder order = new WorkOrder(ScheduleKind.ROUND_TRIP.build(times, microBatches, limits), times, limits);
            for (int trial = 0; trial < 20; trial++) {
                long step = order.nanos();
                Schedule schedule = new Schedule("changed", microBatches, order.actions());
                assertThat(ScheduleValidator.validate(schedule, limits)).isEmpty();
                assertThat(step).isEqualTo(Timeline.of(schedule, times).stepNanos());
                exchanged += exchange(order, random) ? 1 : 0;
            }
        }
        assertThat(exchanged).isGreaterThan(1000);
    }

    @Test
    void nothingShortensTheStepButAnExchangeOnTheCriticalPath() {
        Random random = new Random(22);
        int shorter = 0;
        for (int i = 0; i < 150; i++) {
            StageTimes times = RandomTimes.of(random);
            int microBatches = 1 + random.nextInt(6);
            List<Integer> limits = RandomTimes.limits(random, times.stageCount(), microBatches);
            Schedule given = ScheduleKind.ONE_F_ONE_B.build(times, microBatches, limits);
            WorkOrder order = new WorkOrder(given, times, limits);
            long step = order.nanos();
            Set<List<List<Action>>> critical = exchanges(order, random);
            for (List<List<Action>> changed : exchanges(given)) {
                Schedule schedule = new Schedule("changed", microBatches, changed);
                if (ScheduleValidator.validate(schedule, limits).isEmpty()
                        && Timeline.of(schedule, times).stepNanos() < step) {
                    assertThat(critical).contains(changed);
                    shorter++;
                }
            }
        }
        assertThat(shorter).isGreaterThan(20);
    }

    @Test
    void keepsWithinTheLimitsOfTheStagesThatItIsCopiedTo() {
        Random random = new Random(23);
        for (int i = 0; i < 300; i++) {
            StageTimes times = RandomTimes.of(random);
            int microBatches = 1 + random.nextInt(12);
            List<Integer> loose = Collections.nCopies(times.stageCount(), microBatches);
            List<Integer> tight = RandomTimes.limits(random, times.stageCount(), microBatches);
            WorkOrder from = new WorkOrder(ScheduleKind.GPIPE.build(times, microBatches), times, loose);
            WorkOrder to = new WorkOrder(ScheduleKind.GPIPE.build(times, microBatches), times, loose);
            to.copy(from, times, tight);
            assertThat(ScheduleValidator.validate(new Schedule("copied", microBatches, to.actions()), tight))
                    .isEmpty();
            assertThat(to.nanos()).isNotEqualTo(WorkOrder.NEVER);
        }
    }

    private static boolean exchange(WorkOrder order, Random random) {
        int exchanges = order.findExchanges(random);
        if (exchanges == 0) {
            return false;
        }
        int number = random.nextInt(exchanges);
        if (!order.mayExchange(number)) {
            return false;
        }
        order.exchange(number);
        return true;
    }

    /** What the order becomes by each of the exchanges on its critical path. */
    private static Set<List<List<Action>>> exchanges(WorkOrder order, Random random) {
        Set<List<List<Action>>> changed = new HashSet<>();
        int exchanges = order.findExchanges(random);
        for (int number = 0; number < exchanges; number++) {
            if (order.mayExchange(number)) {
                order.exchange(number);
                changed.add(order.actions());
                order.exchange(number);
            }
        }
        return changed;
    }

    /** What the schedule becomes by exchanges of any neighbours of different kinds. */
    private static List<List<List<Action>>> exchanges(Schedule schedule) {
        List<List<List<Action>>> changed = new ArrayList<>();
        for (int stage = 0; stage < schedule.stageCount(); stage++) {
            List<Action> actions = schedule.stage(stage);
            for (int place = 0; place + 1 < actions.size(); place++) {
                if (actions.get(place).isForward() != actions.get(place + 1).isForward()) {
                    List<List<Action>> all = new ArrayList<>(schedule.stages());
                    List<Action> other = new ArrayList<>(actions);
                    Collections.swap(other, place, place + 1);
                    all.set(stage, other);
                    changed.add(all);
                }
            }
        }
        return changed;
    }
}
