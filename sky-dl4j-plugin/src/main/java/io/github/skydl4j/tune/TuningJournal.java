package io.github.skydl4j.tune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.skydl4j.profile.ModelProfile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a search has found, a line of JSON each, so that a search that was killed goes on where it was. Lines are only
 * added, and each is on the disk before the next run begins; a last line that was cut off is dropped. Used by one thread at
 * a time.
 *
 * <pre>
 *   {"skyTuning":1,"task":"..."}             the search that the file belongs to
 *   {"profile":{...}}                        the profile it started from
 *   {"started":{plan}}                       a run that may not have ended
 *   {"plan":{plan},"measured":{...}}
 *   {"plan":{plan},"failed":"cause"}
 * </pre>
 *
 * <p>A search asks again for the runs that it did before, in the same order, and gets them in the order of the file.
 */
public final class TuningJournal implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;
    private static final String BEGIN = "{\"skyTuning\":" + VERSION + ",";
    /** A run that ended the process so often is not tried again. */
    private static final int MOST_STARTS = 2;

    private final Map<TrialPlan, Queue<Outcome>> outcomes = new HashMap<>();
    private final Map<TrialPlan, Integer> unfinished = new HashMap<>();
    private Optional<ModelProfile> profile = Optional.empty();
    private final @Nullable FileChannel file;

    private TuningJournal(@Nullable FileChannel file) {
        this.file = file;
    }

    /** How a run ended. */
    sealed interface Outcome {
        record Measured(Measurement measurement) implements Outcome {}

        record Failed(String cause) implements Outcome {}
    }

    /** Keeps nothing. */
    public static TuningJournal none() {
        return new TuningJournal(null);
    }

    /**
     * Opens the journal of a task, or begins one.
     *
     * @param task whatever the results depend on, as text
     * @throws IllegalArgumentException if the file is the journal of another task, or none at all
     */
    public static TuningJournal open(Path path, String task) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            TuningJournal journal = new TuningJournal(file);
            journal.load(path, task);
            return journal;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The profile that the search started from; empty for a new search. */
    public Optional<ModelProfile> profile() {
        return profile;
    }

    /** Writes down the profile that the search starts from. */
    public void keepProfile(ModelProfile measured) {
        profile = Optional.of(measured);
        append(JSON.createObjectNode().set("profile", JSON.valueToTree(measured)));
    }

    /** The next outcome of the plan that is written down and was not asked for yet. */
    Optional<Outcome> recall(TrialPlan plan) {
        Queue<Outcome> known = outcomes.get(plan);
        if (known != null && !known.isEmpty()) {
            return Optional.of(known.remove());
        }
        if (unfinished.getOrDefault(plan, 0) >= MOST_STARTS) {
            return Optional.of(new Outcome.Failed("the process ended during this run, " + MOST_STARTS + " times"));
        }
        return Optional.empty();
    }

    void started(TrialPlan plan) {
        append(JSON.createObjectNode().set("started", JournalLines.plan(JSON, plan)));
    }

    void ended(TrialPlan plan, Outcome outcome) {
        ObjectNode line = JSON.createObjectNode();
        line.set("plan", JournalLines.plan(JSON, plan));
        if (outcome instanceof Outcome.Measured measured) {
            line.set("measured", JournalLines.measurement(JSON, measured.measurement()));
        } else if (outcome instanceof Outcome.Failed failed) {
            line.put("failed", failed.cause());
        }
        append(line);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private void load(Path path, String task) throws IOException {
        String text = Files.readString(path);
        requireJournal(path, text);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        List<String> lines = whole.lines().toList();
        if (!lines.isEmpty()) {
            requireTask(path, parse(path, 1, lines.get(0)), task);
        }
        requireFile().truncate(whole.getBytes(StandardCharsets.UTF_8).length);
        requireFile().position(requireFile().size());
        if (lines.isEmpty()) {
            append(JSON.createObjectNode().put("skyTuning", VERSION).put("task", task));
            return;
        }
        for (int number = 2; number <= lines.size(); number++) {
            take(parse(path, number, lines.get(number - 1)));
        }
    }

    private void take(JsonNode line) {
        if (line.has("profile")) {
            profile = Optional.of(JSON.convertValue(line.get("profile"), ModelProfile.class));
        } else if (line.has("started")) {
            unfinished.merge(JournalLines.plan(line.get("started")), 1, Integer::sum);
        } else {
            TrialPlan plan = JournalLines.plan(line.get("plan"));
            unfinished.remove(plan);
            outcomes.computeIfAbsent(plan, key -> new ArrayDeque<>())
                    .add(
                            line.has("failed")
                                    ? new Outcome.Failed(line.get("failed").asText())
                                    : new Outcome.Measured(JournalLines.measurement(line.get("measured"))));
        }
    }

    /** Even of the first line there may be but a part. */
    private static void requireJournal(Path path, String text) {
        if (!text.startsWith(BEGIN) && !BEGIN.startsWith(text)) {
            throw new IllegalArgumentException(
                    path + " is no journal of a search: name another file, or delete this one");
        }
    }

    private static void requireTask(Path path, JsonNode header, String task) {
        if (!header.path("task").asText().equals(task)) {
            throw new IllegalArgumentException(path + " is the journal of a search with another configuration,"
                    + " generator or seed: delete it to search anew, or name another output");
        }
    }

    private static JsonNode parse(Path path, int number, String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    path + ":" + number + " is not a line of a journal: delete the file to search anew", e);
        }
    }

    private void append(JsonNode line) {
        if (file == null) {
            return;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be written", e);
        }
    }

    private FileChannel requireFile() {
        if (file == null) {
            throw new IllegalStateException("a journal without a file has nothing to load");
        }
        return file;
    }
}
