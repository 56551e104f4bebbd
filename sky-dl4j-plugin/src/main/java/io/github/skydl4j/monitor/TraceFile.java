package io.github.skydl4j.monitor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.skydl4j.pipeline.Activity;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a monitor sees to a file in Chrome's trace format, which Perfetto and chrome://tracing open: rows as {@link
 * TraceTracks} has them, arrows from sends to receives, plan and bound under {@code otherData}.
 *
 * <p>A step is written when it is done, so memory does not grow with the run. Once the file has reached its limit, steps
 * are left out and {@code otherData} counts them. The file can be opened once it is closed. Thread-safe, so that it can be
 * closed when the JVM is told to end.
 */
public final class TraceFile implements MonitorListener, AutoCloseable {
    /** One GiB: viewers take no more. */
    public static final long MOST_BYTES = 1L << 30;

    private static final Logger LOG = LoggerFactory.getLogger(TraceFile.class);
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String PROCESS_NAME = "Sky-DL4J";

    private final Path file;
    private final OutputStream out;
    private final long mostBytes;
    private final String runId;
    private final TraceText text = new TraceText(System.nanoTime());
    private final RecentSteps recent = new RecentSteps();
    private @Nullable PipelinePlan plan;
    private long writtenBytes;
    private long leftOutSteps;
    private boolean isBroken;
    private boolean isClosed;

    /**
     * Opens the file, over what was there.
     *
     * @param mostBytes where to stop, such as {@link #MOST_BYTES}
     * @throws IOException if it cannot be written
     */
    public TraceFile(Path file, String runId, long mostBytes) throws IOException {
        this.file = file;
        this.out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
        this.runId = runId;
        this.mostBytes = mostBytes;
        write("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n");
    }

    @Override
    public synchronized void planned(PipelinePlan newPlan) {
        if (isClosed) {
            return;
        }
        plan = newPlan;
        recent.clear();
        TraceTracks.name(text, newPlan);
        write(text.take());
    }

    @Override
    public synchronized void stepDone(MonitoredStep step) {
        if (isClosed) {
            return;
        }
        recent.add(step.summary());
        if (writtenBytes >= mostBytes) {
            leftOutSteps++;
            return;
        }
        step(step.summary());
        step.events().forEach(this::event);
        write(text.take());
    }

    @Override
    public synchronized void happened(RunEvent event) {
        if (!isClosed) {
            text.instant(event.kind().name().toLowerCase(Locale.ROOT), System.nanoTime(), event.text());
            write(text.take());
        }
    }

    @Override
    public void finished() {
        close();
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        // Every event ends with a comma; the last one must not.
        text.processName(PROCESS_NAME);
        String last = text.take();
        write(last.substring(0, last.lastIndexOf(',')) + "\n],\"otherData\":" + otherData() + "}\n");
        try {
            out.close();
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void step(StepSummary summary) {
        StepFacts facts = summary.facts();
        String loss = Double.isFinite(facts.loss()) ? Double.toString(facts.loss()) : "null";
        text.slice(
                "step",
                "step " + facts.step(),
                TraceTracks.STEPS,
                facts.startNanos(),
                facts.nanos(),
                "\"step\":" + facts.step() + ",\"epoch\":" + facts.epoch() + ",\"rows\":" + facts.rows() + ",\"loss\":"
                        + loss + ",\"bottleneck\":\"" + summary.bottleneck().label() + '"');
        text.counter("loss", facts.startNanos(), facts.loss());
        text.counter("samples per second", facts.startNanos(), facts.samplesPerSecond());
    }

    private void event(StageEvent event) {
        int track = event.activity() == Activity.TRANSFER
                ? TraceTracks.link(event.link(), event.isForward())
                : TraceTracks.stage(event.stage());
        text.slice(category(event.activity()), name(event), track, event.startNanos(), event.nanos(), args(event));
        if (event.activity() == Activity.SEND) {
            int link = event.isForward() ? event.stage() : event.stage() - 1;
            text.flow(true, tensors(event), track, event.startNanos(), flow(event, link));
        } else if (event.activity() == Activity.RECEIVE) {
            text.flow(false, tensors(event), track, event.startNanos(), flow(event, event.link()));
        }
    }

    private static String category(Activity activity) {
        return activity.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String name(StageEvent event) {
        return switch (event.activity()) {
            case FORWARD -> "forward " + event.microBatch();
            case BACKWARD -> "backward " + event.microBatch();
            case UPDATE -> "update";
            case SEND -> "send " + tensors(event) + " " + event.microBatch();
            case RECEIVE -> "receive " + tensors(event) + " " + event.microBatch();
            case INPUT_WAIT -> "wait for input";
            case LINK_WAIT -> "wait for link";
            case TRANSFER -> tensors(event) + " " + event.microBatch();
        };
    }

    private static String tensors(StageEvent event) {
        return event.isForward() ? "activations" : "gradients";
    }

    private static String args(StageEvent event) {
        String args = "\"step\":" + event.step() + ",\"stage\":" + event.stage();
        if (event.activity() != Activity.UPDATE) {
            args += ",\"microBatch\":" + event.microBatch();
        }
        return event.activity() == Activity.TRANSFER ? args + ",\"bytes\":" + event.bytes() : args;
    }

    /** The same for a send and its receive, another for every message of the run. */
    private long flow(StageEvent event, int link) {
        PipelinePlan current = Objects.requireNonNull(plan, "no step before a plan");
        long message = (event.step() * current.stages().size() + link) * current.microBatches() + event.microBatch();
        return 2 * message + (event.isForward() ? 0 : 1);
    }

    private String otherData() {
        StringWriter json = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
            generator.writeStartObject();
            generator.writeStringField("run", runId);
            generator.writeNumberField("leftOutSteps", leftOutSteps);
            if (plan != null) {
                generator.writeObjectFieldStart("plan");
                PlanJson.writeFields(generator, plan);
                generator.writeEndObject();
                generator.writeNumberField("stepMillis", recent.stepNanos() / 1e6);
                generator.writeNumberField("boundMillis", recent.isEmpty() ? 0 : recent.boundNanos(plan) / 1e6);
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot be written to", e);
        }
        return json.toString();
    }

    /** A full disk costs the trace, not the training. */
    private void write(String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        writtenBytes += bytes.length;
        try {
            if (!isBroken) {
                out.write(bytes);
            }
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void giveUp(IOException e) {
        isBroken = true;
        LOG.warn("the trace {} cannot be written and ends early: {}", file, e.getMessage());
    }
}
