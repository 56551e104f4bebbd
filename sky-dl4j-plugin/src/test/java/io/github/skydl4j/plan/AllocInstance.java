package io.github.skydl4j.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.schedule.ScheduleKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One of nine allocation problems in Sky Computing's own numbers, with what is known of it. A "nanosecond" here is one
 * floating-point operation on a worker of time factor 1; forward only, links cost nothing.
 */
record AllocInstance(String name, PlanRequest request, Known known) {

    static final List<String> NAMES = List.of(
            "L10_W3_loose",
            "L10_W3_mid",
            "L10_W3_tight",
            "L40_W16_loose",
            "L40_W16_mid",
            "L40_W16_tight",
            "L160_W64_loose",
            "L160_W64_mid",
            "L160_W64_tight");

    /** Bottlenecks found by earlier work, and lower bounds. */
    record Known(
            long even,
            int evenMemoryViolations,
            long paper,
            long optimumInGivenOrder,
            long bestFound,
            double lowerBoundWithMemory) {}

    static AllocInstance read(String name) {
        JsonNode instance = json("/alloc/instance_" + name + ".json");
        Cluster cluster = Cluster.instant(workers(instance));
        PlanRequest request = new PlanRequest(units(instance), cluster, 1, ScheduleKind.ONE_F_ONE_B)
                .withOptions(PlanOptions.defaults().withObjective(PlanOptions.Objective.BOTTLENECK));
        return new AllocInstance(name, request, known(json("/alloc/known.json").get(name)));
    }

    private static List<UnitProfile> units(JsonNode instance) {
        List<UnitProfile> units = new ArrayList<>();
        for (int i = 0; i < instance.get("units").asInt(); i++) {
            long flops = (long) instance.get("layer_flops").get(i).asDouble();
            long bytes = bytes(instance.get("layer_mem_mb").get(i));
            units.add(new UnitProfile(instance.get("layer_types").get(i).asText() + i, flops, 0, bytes, 0, 0, 0));
        }
        return units;
    }

    private static List<WorkerProfile> workers(JsonNode instance) {
        List<WorkerProfile> workers = new ArrayList<>();
        for (int i = 0; i < instance.get("workers").asInt(); i++) {
            workers.add(new WorkerProfile(
                    "worker" + i,
                    instance.get("worker_time").get(i).asDouble(),
                    bytes(instance.get("worker_mem_mb").get(i))));
        }
        return workers;
    }

    private static Known known(JsonNode known) {
        return new Known(
                (long) known.get("even").asDouble(),
                known.get("even_memory_violations").asInt(),
                (long) known.get("sky_dynamic").asDouble(),
                (long) known.get("optimum_in_given_worker_order").asDouble(),
                (long) known.get("best_found_over_worker_orders").asDouble(),
                known.get("lower_bound_lp_with_memory").asDouble());
    }

    private static long bytes(JsonNode megabytes) {
        return (long) (megabytes.asDouble() * (1 << 20));
    }

    private static JsonNode json(String resource) {
        try (InputStream in = AllocInstance.class.getResourceAsStream(resource)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + resource, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
