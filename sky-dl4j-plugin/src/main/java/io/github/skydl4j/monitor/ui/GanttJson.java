package io.github.skydl4j.monitor.ui;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.skydl4j.monitor.MonitoredStep;
import io.github.skydl4j.monitor.PipelinePlan;
import io.github.skydl4j.monitor.StageEvent;
import io.github.skydl4j.monitor.StepFacts;
import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.plan.Simulation;
import java.io.IOException;
import java.util.List;

/** The bars of the last step and those of the plan, in milliseconds from the start of the step. */
final class GanttJson {
    private GanttJson() {}

    static void write(JsonGenerator json, MonitoredStep step, PipelinePlan plan) throws IOException {
        StepFacts facts = step.summary().facts();
        json.writeStartObject();
        json.writeNumberField("step", facts.step());
        json.writeNumberField("stepMillis", facts.nanos() / 1e6);
        json.writeArrayFieldStart("bars");
        for (StageEvent event : step.events()) {
            if (event.activity().isWork()) {
                bar(
                        json,
                        event.stage(),
                        kind(event),
                        event.microBatch(),
                        event.startNanos() - facts.startNanos(),
                        event.nanos());
            }
        }
        json.writeEndArray();
        json.writeArrayFieldStart("transfers");
        for (StageEvent event : step.events()) {
            if (event.activity() == Activity.TRANSFER) {
                bar(
                        json,
                        event.link(),
                        event.isForward() ? "F" : "B",
                        event.microBatch(),
                        event.startNanos() - facts.startNanos(),
                        event.nanos());
            }
        }
        json.writeEndArray();
        planned(json, plan.events());
        json.writeEndObject();
    }

    private static void planned(JsonGenerator json, List<Simulation.Event> events) throws IOException {
        json.writeArrayFieldStart("plannedBars");
        for (Simulation.Event event : events) {
            bar(
                    json,
                    event.stage(),
                    event.action().isForward() ? "F" : "B",
                    event.action().microBatch(),
                    event.startNanos(),
                    event.endNanos() - event.startNanos());
        }
        json.writeEndArray();
    }

    private static String kind(StageEvent event) {
        return event.activity() == Activity.UPDATE ? "U" : event.isForward() ? "F" : "B";
    }

    /** Row, kind, micro-batch, start, duration: an array, as there are hundreds of them. */
    private static void bar(JsonGenerator json, int row, String kind, int microBatch, long startNanos, long nanos)
            throws IOException {
        json.writeStartArray();
        json.writeNumber(row);
        json.writeString(kind);
        json.writeNumber(microBatch);
        json.writeNumber(micros(startNanos));
        json.writeNumber(micros(nanos));
        json.writeEndArray();
    }

    /** Milliseconds, to the microsecond. */
    private static double micros(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
