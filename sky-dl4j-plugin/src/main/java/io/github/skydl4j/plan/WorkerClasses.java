package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Workers that are interchangeable: same times, same usable memory, and a network that does not tell them apart.
 * Each class lists its workers in the order of the cluster. Immutable.
 */
record WorkerClasses(List<List<Integer>> members) {

    WorkerClasses {
        members = members.stream().map(List::copyOf).toList();
    }

    static WorkerClasses of(CostModel costs) {
        Map<Integer, List<Integer>> classes = new LinkedHashMap<>();
        for (int worker = 0; worker < costs.workers(); worker++) {
            int key = costs.hasEqualLinks() ? costs.representative(worker) : worker;
            classes.computeIfAbsent(key, unseen -> new ArrayList<>()).add(worker);
        }
        return new WorkerClasses(List.copyOf(classes.values()));
    }

    int count() {
        return members.size();
    }

    int size(int workerClass) {
        return members.get(workerClass).size();
    }

    /** Any worker of the class: the first. */
    int worker(int workerClass) {
        return members.get(workerClass).get(0);
    }

    /** One worker of each class. */
    int[] workers() {
        return members.stream().mapToInt(workers -> workers.get(0)).toArray();
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
}
