package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Workers that are interchangeable: same times, same usable memory, and a network that does not tell them apart.
 * Each class lists its workers in the order of the cluster. Immutable.
 */
record WorkerClasses(List<List<Integer>> members) {

    WorkerClasses {
        members = members.stream().map(List::copyOf).toList();
    }

    static WorkerClasses of(CostModel costs) {
        List<List<Integer>> classes = new ArrayList<>();
        for (int worker = 0; worker < costs.workers(); worker++) {
            classOf(classes, costs, worker).add(worker);
        }
        return new WorkerClasses(classes);
    }

    int count() {
        return members.size();
    }

    int size(int workerClass) {
        return members.get(workerClass).size();
    }

    /** The number of different subsets, classes taken as wholes; {@code Long.MAX_VALUE} if it does not fit a long. */
    long subsets() {
        long product = 1;
        for (List<Integer> workers : members) {
            if (product > Long.MAX_VALUE / (workers.size() + 1)) {
                return Long.MAX_VALUE;
            }
            product *= workers.size() + 1;
        }
        return product;
    }

    private static List<Integer> classOf(List<List<Integer>> classes, CostModel costs, int worker) {
        for (List<Integer> workers : classes) {
            if (costs.interchangeable(workers.get(0), worker)) {
                return workers;
            }
        }
        List<Integer> workers = new ArrayList<>();
        classes.add(workers);
        return workers;
    }
}
