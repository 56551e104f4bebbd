package io.github.skydl4j.monitor;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.skydl4j.monitor.PipelinePlan.PlannedStage;
import io.github.skydl4j.monitor.PipelinePlan.PlannedWorker;
import io.github.skydl4j.plan.Link;
import java.io.IOException;

/** A plan as JSON; the same in traces and at {@code /sky/data}. */
public final class PlanJson {
    private PlanJson() {}

    /** Writes the fields of the plan into the object that is open. */
    public static void writeFields(JsonGenerator json, PipelinePlan plan) throws IOException {
        json.writeStringField("planner", plan.planner());
        json.writeStringField("schedule", plan.schedule());
        json.writeNumberField("microBatches", plan.microBatches());
        json.writeNumberField("predictedStepMillis", plan.predictedNanos() / 1e6);
        json.writeArrayFieldStart("workers");
        for (int w = 0; w < plan.workers().size(); w++) {
            worker(json, plan, w);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("stages");
        for (PlannedStage stage : plan.stages()) {
            stage(json, stage);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("links");
        for (int l = 0; l < plan.links().size(); l++) {
            link(json, plan, l);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("notes");
        for (String note : plan.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
    }

    private static void worker(JsonGenerator json, PipelinePlan plan, int number) throws IOException {
        PlannedWorker worker = plan.workers().get(number);
        json.writeStartObject();
        json.writeStringField("name", worker.name());
        json.writeNumberField("slowness", worker.slowness());
        json.writeArrayFieldStart("stages");
        for (int s = 0; s < plan.stages().size(); s++) {
            if (plan.stages().get(s).worker() == number) {
                json.writeNumber(s);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void stage(JsonGenerator json, PlannedStage stage) throws IOException {
        json.writeStartObject();
        json.writeStringField("worker", stage.workerName());
        json.writeNumberField("firstUnit", stage.firstUnit());
        json.writeNumberField("endUnit", stage.endUnit());
        json.writeStringField("firstUnitName", stage.firstUnitName());
        json.writeStringField("lastUnitName", stage.lastUnitName());
        json.writeNumberField("plannedBusy", stage.busy());
        json.writeEndObject();
    }

    private static void link(JsonGenerator json, PipelinePlan plan, int number) throws IOException {
        Link link = plan.links().get(number);
        json.writeStartObject();
        json.writeStringField("from", plan.stages().get(number).workerName());
        json.writeStringField("to", plan.stages().get(number + 1).workerName());
        json.writeFieldName("bytesPerSecond");
        if (Double.isInfinite(link.bytesPerSecond())) {
            json.writeNull();
        } else {
            json.writeNumber(link.bytesPerSecond());
        }
        json.writeNumberField("latencyMillis", link.latencyNanos() / 1e6);
        json.writeNumberField("plannedTransferMillis", plan.times().link(number) / 1e6);
        json.writeEndObject();
    }
}
