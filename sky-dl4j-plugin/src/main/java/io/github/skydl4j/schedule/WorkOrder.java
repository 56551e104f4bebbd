package io.github.skydl4j.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An order of work that can be changed: two neighbours of a stage, a forward and a backward, exchange places. It knows the
 * critical path, which is a chain of actions and transfers without a pause that ends with the step: only an exchange of
 * neighbours on it can shorten the step, as in a job shop. For stages on workers of their own. Confined to one thread.
 */
public final class WorkOrder {

    /** The step of an order in which a stage would wait for itself. */
    public static final long NEVER = Long.MAX_VALUE;

    private final int stages;
    private final int microBatches;
    private final long[] forward;
    private final long[] backward;
    private final long[] links;
    private final int[] limits;
    private final boolean[][] isForward;
    private final int[][] microBatchAt;
    private final int[][] forwardAt;
    private final int[][] backwardAt;
    private final long[][] startOf;
    private final long[][] arrivedDown;
    private final long[][] arrivedUp;
    private final int[] done;
    private final int[] forwards;
    private final int[] backwards;
    private final int[] exchangeStage;
    private final int[] exchangePlace;
    private int exchanges;

    /** The order of a schedule on stages with these times, never more in flight than the limits, one a stage. */
    public WorkOrder(Schedule schedule, StageTimes times, List<Integer> limits) {
        this.stages = times.stageCount();
        this.microBatches = schedule.microBatches();
        this.forward = new long[stages];
        this.backward = new long[stages];
        this.links = new long[stages];
        this.limits = new int[stages];
        this.isForward = new boolean[stages][2 * microBatches];
        this.microBatchAt = new int[stages][2 * microBatches];
        this.forwardAt = new int[stages][microBatches];
        this.backwardAt = new int[stages][microBatches];
        this.startOf = new long[stages][2 * microBatches];
        this.arrivedDown = new long[stages][microBatches];
        this.arrivedUp = new long[stages][microBatches];
        this.done = new int[stages];
        this.forwards = new int[stages];
        this.backwards = new int[stages];
        this.exchangeStage = new int[2 * stages * microBatches];
        this.exchangePlace = new int[2 * stages * microBatches];
        set(times, limits);
        for (int stage = 0; stage < stages; stage++) {
            for (int place = 0; place < 2 * microBatches; place++) {
                isForward[stage][place] = schedule.stage(stage).get(place).isForward();
            }
        }
    }

    /** Takes the order of another for as many stages, changed where other limits need it, with other times. */
    public void copy(WorkOrder from, StageTimes times, List<Integer> limits) {
        for (int stage = 0; stage < stages; stage++) {
            System.arraycopy(from.isForward[stage], 0, isForward[stage], 0, 2 * microBatches);
        }
        set(times, limits);
        for (int stage = 0; stage < stages; stage++) {
            keepWithin(isForward[stage], this.limits[stage]);
        }
    }

    private void set(StageTimes times, List<Integer> limits) {
        for (int stage = 0; stage < stages; stage++) {
            forward[stage] = times.forward(stage);
            backward[stage] = times.backward(stage);
            links[stage] = stage + 1 < stages ? times.link(stage) : 0;
            this.limits[stage] = limits.get(stage);
        }
    }

    /** A forward that would be one too many in flight changes places with the next backward. */
    private static void keepWithin(boolean[] order, int limit) {
        int inFlight = 0;
        for (int place = 0; place < order.length; place++) {
            if (order[place] && inFlight == limit) {
                int next = place + 1;
                while (order[next]) {
                    next++;
                }
                order[next] = true;
                order[place] = false;
            }
            inFlight += order[place] ? 1 : -1;
        }
    }

    /** The step of the order as it is, without the update, or {@link #NEVER}; O(stages x micro-batches). */
    public long nanos() {
        for (int stage = 0; stage < stages; stage++) {
            done[stage] = 0;
            forwards[stage] = 0;
            backwards[stage] = 0;
        }
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int stage = 0; stage < stages; stage++) {
                moved |= advance(stage);
            }
            for (int stage = stages - 1; stage >= 0; stage--) {
                moved |= advance(stage);
            }
        }
        long end = 0;
        for (int stage = 0; stage < stages; stage++) {
            if (done[stage] < 2 * microBatches) {
                return NEVER;
            }
            end = Math.max(end, end(stage, 2 * microBatches - 1));
        }
        return end;
    }

    /** Does what can be done on the stage, and whether that was anything. */
    private boolean advance(int stage) {
        int before = done[stage];
        boolean ready = true;
        while (ready && done[stage] < 2 * microBatches) {
            ready = isForward[stage][done[stage]] ? forward(stage) : backward(stage);
        }
        return done[stage] > before;
    }

    private boolean forward(int stage) {
        int microBatch = forwards[stage];
        if (stage > 0 && forwards[stage - 1] <= microBatch) {
            return false;
        }
        int place = done[stage];
        forwardAt[stage][microBatch] = place;
        long end = start(stage, microBatch, stage == 0 ? 0 : arrivedDown[stage - 1][microBatch]) + forward[stage];
        long free = microBatch == 0 ? 0 : arrivedDown[stage][microBatch - 1];
        arrivedDown[stage][microBatch] = links[stage] == 0 ? end : Math.max(end, free) + links[stage];
        forwards[stage]++;
        return true;
    }

    private boolean backward(int stage) {
        int microBatch = backwards[stage];
        if (forwards[stage] <= microBatch || (stage + 1 < stages && backwards[stage + 1] <= microBatch)) {
            return false;
        }
        int place = done[stage];
        backwardAt[stage][microBatch] = place;
        long end =
                start(stage, microBatch, stage + 1 == stages ? 0 : arrivedUp[stage + 1][microBatch]) + backward[stage];
        if (stage > 0) {
            long free = microBatch == 0 ? 0 : arrivedUp[stage][microBatch - 1];
            arrivedUp[stage][microBatch] = links[stage - 1] == 0 ? end : Math.max(end, free) + links[stage - 1];
        }
        backwards[stage]++;
        return true;
    }

    private long start(int stage, int microBatch, long arrived) {
        int place = done[stage]++;
        microBatchAt[stage][place] = microBatch;
        startOf[stage][place] = place == 0 ? arrived : Math.max(arrived, end(stage, place - 1));
        return startOf[stage][place];
    }

    private long end(int stage, int place) {
        return startOf[stage][place] + (isForward[stage][place] ? forward[stage] : backward[stage]);
    }

    /**
     * Finds the pairs of a forward and a backward that follow each other without a pause on a critical path, after {@link
     * #nanos}; where there are several such paths, one at random. How many there are.
     */
    public int findExchanges(RandomGenerator random) {
        exchanges = 0;
        int stage = lastStage();
        int place = 2 * microBatches - 1;
        while (place >= 0) {
            long start = startOf[stage][place];
            int from = sender(stage, place);
            boolean busy = place > 0 && end(stage, place - 1) == start;
            if (busy && (from < 0 || random.nextBoolean())) {
                if (isForward[stage][place] != isForward[stage][place - 1]) {
                    exchangeStage[exchanges] = stage;
                    exchangePlace[exchanges++] = place - 1;
                }
                place--;
            } else if (from < 0) {
                place = -1;
            } else {
                place = sentAt(stage, place, from);
                stage = from;
            }
        }
        return exchanges;
    }

    private int lastStage() {
        int last = 0;
        for (int stage = 1; stage < stages; stage++) {
            if (end(stage, 2 * microBatches - 1) > end(last, 2 * microBatches - 1)) {
                last = stage;
            }
        }
        return last;
    }

    /** The stage whose input arrives as the action begins; -1 if there is none. */
    private int sender(int stage, int place) {
        int microBatch = microBatchAt[stage][place];
        if (isForward[stage][place]) {
            return stage > 0 && arrivedDown[stage - 1][microBatch] == startOf[stage][place] ? stage - 1 : -1;
        }
        return stage + 1 < stages && arrivedUp[stage + 1][microBatch] == startOf[stage][place] ? stage + 1 : -1;
    }

    /** Where in the order of the sender the action is that the action waited for: the transfer may have waited for others. */
    private int sentAt(int stage, int place, int from) {
        boolean down = isForward[stage][place];
        long[] arrived = down ? arrivedDown[from] : arrivedUp[from];
        int[] placeOf = down ? forwardAt[from] : backwardAt[from];
        long link = links[Math.min(stage, from)];
        int microBatch = microBatchAt[stage][place];
        while (microBatch > 0 && link > 0 && end(from, placeOf[microBatch]) < arrived[microBatch] - link) {
            microBatch--;
        }
        return placeOf[microBatch];
    }

    /** Whether the pair of this number may change places: its micro-batch went forward before, and memory allows it. */
    public boolean mayExchange(int number) {
        boolean[] order = isForward[exchangeStage[number]];
        int place = exchangePlace[number];
        int inFlight = 0;
        for (int before = 0; before < place; before++) {
            inFlight += order[before] ? 1 : -1;
        }
        return order[place] ? inFlight > 0 : inFlight < limits[exchangeStage[number]];
    }

    /** The pair of this number changes places, or back. */
    public void exchange(int number) {
        boolean[] order = isForward[exchangeStage[number]];
        int place = exchangePlace[number];
        boolean first = order[place];
        order[place] = order[place + 1];
        order[place + 1] = first;
    }

    /** The actions of each stage in their order. */
    List<List<Action>> actions() {
        List<List<Action>> all = new ArrayList<>();
        for (boolean[] order : isForward) {
            List<Action> actions = new ArrayList<>();
            int forwardsDone = 0;
            for (int place = 0; place < order.length; place++) {
                actions.add(order[place] ? Action.forward(forwardsDone) : Action.backward(place - forwardsDone));
                forwardsDone += order[place] ? 1 : 0;
            }
            all.add(actions);
        }
        return all;
    }
}
