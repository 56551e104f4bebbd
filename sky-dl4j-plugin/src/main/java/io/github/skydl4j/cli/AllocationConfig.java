package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.FixedPlanner;
import io.github.skydl4j.plan.StagePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the list under {@code allocation}: who hosts how many units, first stage to last, in place of a planner's word. */
final class AllocationConfig {
    private AllocationConfig() {}

    /** The planner of the list; empty where there is none. */
    static Optional<FixedPlanner> read(Section root, List<Worker> workers, boolean recompute) {
        List<Section> sections = root.sections("allocation");
        if (sections.isEmpty()) {
            return Optional.empty();
        }
        List<StagePlan> stages = new ArrayList<>();
        List<Integer> inFlight = new ArrayList<>();
        int first = 0;
        for (Section section : sections) {
            int worker = worker(section, workers, stages, stages.size() == sections.size() - 1);
            int end = first
                    + section.optionalInteger("units", 1)
                            .orElseThrow(
                                    () -> section.error("units", "not given, expected how many units the stage has"));
            stages.add(new StagePlan(worker, first, end));
            OptionalInt limit = section.optionalInteger("inFlight", 1);
            limit.ifPresent(inFlight::add);
            if (!inFlight.isEmpty() && inFlight.size() != stages.size()) {
                throw section.error("inFlight", "given for some stages, expected for all of them or for none");
            }
            first = end;
        }
        return Optional.of(new FixedPlanner(stages, inFlight, recompute)
                .forWorkers(workers.stream().map(Worker::name).toList(), new ExactPlanner()));
    }

    private static int worker(Section section, List<Worker> workers, List<StagePlan> earlier, boolean last) {
        List<String> names = workers.stream().map(Worker::name).toList();
        String name = section.text("worker")
                .orElseThrow(() -> section.error("worker", "not given, expected one of " + String.join(", ", names)));
        int worker = names.indexOf(name);
        if (worker < 0) {
            throw section.error("worker", "found " + name + ", expected one of " + String.join(", ", names));
        }
        boolean closesTheRing = last && earlier.size() > 1 && earlier.get(0).worker() == worker;
        if (!closesTheRing && earlier.stream().anyMatch(stage -> stage.worker() == worker)) {
            throw section.error(
                    "worker",
                    "found " + name
                            + " again, expected one stage for each worker, but for an owner, who may have the first and the last");
        }
        return worker;
    }
}
