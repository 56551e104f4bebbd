package io.github.skydl4j.tune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.List;

/** Plans and measurements as JSON and back. */
final class JournalLines {

    private JournalLines() {}

    static JsonNode plan(ObjectMapper json, TrialPlan plan) {
        ObjectNode node = json.createObjectNode();
        node.set("workers", json.valueToTree(plan.workers()));
        node.set("ends", json.valueToTree(plan.ends()));
        node.put("microBatches", plan.microBatches());
        node.put("schedule", plan.schedule().label());
        node.set("inFlight", json.valueToTree(plan.inFlight()));
        node.put("recompute", plan.recompute());
        node.put("wire", plan.wire().label());
        node.put("revision", plan.revision());
        return node;
    }

    static TrialPlan plan(JsonNode node) {
        return new TrialPlan(
                integers(node.get("workers")),
                integers(node.get("ends")),
                node.get("microBatches").asInt(),
                ScheduleKind.parse(node.get("schedule").asText()),
                integers(node.get("inFlight")),
                node.get("recompute").asBoolean(),
                WireChoice.parse(node.path("wire").asText(WireChoice.AS_GIVEN.label())),
                node.get("revision").asInt());
    }

    static JsonNode measurement(ObjectMapper json, Measurement measurement) {
        ObjectNode node = json.createObjectNode();
        node.put("stepNanos", measurement.stepNanos());
        node.set("forwardNanos", json.valueToTree(measurement.forwardNanos()));
        node.set("backwardNanos", json.valueToTree(measurement.backwardNanos()));
        node.set("transferNanos", json.valueToTree(measurement.transferNanos()));
        return node;
    }

    static Measurement measurement(JsonNode node) {
        return new Measurement(
                node.get("stepNanos").asLong(),
                longs(node.get("forwardNanos")),
                longs(node.get("backwardNanos")),
                longs(node.get("transferNanos")));
    }

    private static List<Integer> integers(JsonNode node) {
        List<Integer> values = new ArrayList<>();
        node.forEach(value -> values.add(value.asInt()));
        return values;
    }

    private static List<Long> longs(JsonNode node) {
        List<Long> values = new ArrayList<>();
        node.forEach(value -> values.add(value.asLong()));
        return values;
    }
}
