package io.github.skydl4j.monitor.ui;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.skydl4j.monitor.HistoryPoint;
import io.github.skydl4j.monitor.MonitorView;
import io.github.skydl4j.monitor.MonitoredStep;
import io.github.skydl4j.monitor.PipelinePlan;
import io.github.skydl4j.monitor.PlanJson;
import io.github.skydl4j.monitor.RunEvent;
import io.github.skydl4j.monitor.StageShare;
import io.github.skydl4j.monitor.StepFacts;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code /sky/data} answers. Times are milliseconds, shares 0 to 1; a part that is not known yet is null. The fields
 * are listed in {@code docs/monitoring.md}.
 */
final class ViewJson {
    static final String NO_RUN = "{\"run\":null}";

    private static final JsonFactory JSON = new JsonFactory();

    private ViewJson() {}

    static String of(MonitorView view) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            run(json, view);
            plan(json, view.plan());
            now(json, view);
            stages(json, view);
            json.writeFieldName("gantt");
            if (view.last().isPresent() && view.plan().isPresent()) {
                GanttJson.write(json, view.last().get(), view.plan().get());
            } else {
                json.writeNull();
            }
            history(json, view.history());
            events(json, view.events());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot be written to", e);
        }
        return text.toString();
    }

    private static void run(JsonGenerator json, MonitorView view) throws IOException {
        json.writeObjectFieldStart("run");
        json.writeStringField("id", view.runId());
        json.writeStringField("state", view.state().name().toLowerCase(Locale.ROOT));
        json.writeStringField("startedAt", view.startedAt().toString());
        json.writeNumberField("elapsedMillis", view.elapsed().toMillis());
        json.writeNumberField("droppedEvents", view.droppedEvents());
        if (view.goal().isPresent()) {
            json.writeNumberField("epochs", view.goal().get().epochs());
            json.writeNumberField("stepsPerEpoch", view.goal().get().stepsPerEpoch());
        }
        json.writeEndObject();
    }

    private static void plan(JsonGenerator json, Optional<PipelinePlan> plan) throws IOException {
        if (plan.isEmpty()) {
            json.writeNullField("plan");
            return;
        }
        json.writeObjectFieldStart("plan");
        PlanJson.writeFields(json, plan.get());
        json.writeEndObject();
    }

    private static void now(JsonGenerator json, MonitorView view) throws IOException {
        Optional<MonitoredStep> last = view.last();
        if (last.isEmpty()) {
            json.writeNullField("now");
            return;
        }
        StepFacts facts = last.get().summary().facts();
        json.writeObjectFieldStart("now");
        json.writeNumberField("step", facts.step());
        json.writeNumberField("epoch", facts.epoch());
        number(json, "loss", facts.loss());
        json.writeNumberField("samplesPerSecond", facts.samplesPerSecond());
        json.writeNumberField("stepMillis", facts.nanos() / 1e6);
        if (view.pace().isPresent()) {
            MonitorView.Pace pace = view.pace().get();
            json.writeNumberField("medianStepMillis", pace.stepNanos() / 1e6);
            json.writeNumberField("boundMillis", pace.boundNanos() / 1e6);
            json.writeNumberField("overBound", pace.overBound());
        }
        json.writeStringField("bottleneck", last.get().summary().bottleneck().label());
        json.writeNumberField(
                "bottleneckShare", last.get().summary().bottleneck().share());
        json.writeEndObject();
    }

    /** Shares of the latest full-size steps together. */
    private static void stages(JsonGenerator json, MonitorView view) throws IOException {
        json.writeArrayFieldStart("stages");
        if (view.pace().isPresent()) {
            double nanos = view.pace().get().meanNanos();
            for (StageShare stage : view.pace().get().stages()) {
                json.writeStartObject();
                json.writeNumberField("busy", share(stage.busyNanos(), nanos));
                json.writeNumberField("inputWait", share(stage.inputWaitNanos(), nanos));
                json.writeNumberField("linkWait", share(stage.linkWaitNanos(), nanos));
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void history(JsonGenerator json, List<HistoryPoint> points) throws IOException {
        json.writeArrayFieldStart("history");
        for (HistoryPoint point : points) {
            json.writeStartObject();
            json.writeNumberField("step", point.firstStep());
            json.writeNumberField("steps", point.steps());
            number(json, "loss", point.loss());
            json.writeNumberField("stepMillis", point.stepMillis());
            json.writeNumberField("samplesPerSecond", point.samplesPerSecond());
            json.writeArrayFieldStart("busy");
            for (double busy : point.busy()) {
                json.writeNumber(Math.round(busy * 1e4) / 1e4);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void events(JsonGenerator json, List<RunEvent> events) throws IOException {
        json.writeArrayFieldStart("events");
        for (RunEvent event : events) {
            json.writeStartObject();
            json.writeStringField("time", event.time().toString());
            json.writeNumberField("step", event.step());
            json.writeStringField(
                    "kind", event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            json.writeStringField("text", event.text());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** JSON has no NaN, which a diverged loss is. */
    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    private static double share(long nanos, double stepNanos) {
        return stepNanos == 0 ? 0 : Math.min(1, nanos / stepNanos);
    }
}
