package io.github.skydl4j.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.skydl4j.graph.MicroBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps profiles in a folder, a file for each fingerprint, and measures what is not there. A file that cannot be used is
 * measured again; a folder that cannot be written costs the reuse and nothing else. Every answer is one line in the log.
 * Immutable; several processes may use one folder.
 */
public final class ProfileStore {
    private static final Logger LOG = LoggerFactory.getLogger(ProfileStore.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final @Nullable Path folder;
    private final @Nullable ModelProfile given;

    private ProfileStore(@Nullable Path folder, @Nullable ModelProfile given) {
        this.folder = folder;
        this.given = given;
    }

    /** A store in a folder, which is made when there is something to keep. */
    public static ProfileStore in(Path folder) {
        return new ProfileStore(folder, null);
    }

    /** Keeps nothing: every profile is measured. */
    public static ProfileStore none() {
        return new ProfileStore(null, null);
    }

    /** Has this one profile, for whatever is asked. */
    public static ProfileStore of(ModelProfile profile) {
        return new ProfileStore(null, profile);
    }

    /**
     * A profile and where it comes from, for people.
     *
     * @param origin such as {@code measured in 3.1 s}
     */
    public record Found(ModelProfile profile, String origin) {}

    /** The profile that was kept for this model, sample and machine, or one measured now as {@link ModelProfile#measure}. */
    public Found get(ComputationGraph network, MicroBatch sample, int microBatches, Duration profiling) {
        if (given != null) {
            return new Found(given, "given");
        }
        Path file = folder == null ? null : fileFor(folder, network, sample, microBatches);
        Optional<ModelProfile> kept = file == null ? Optional.empty() : read(file);
        Found found = kept.map(profile -> new Found(profile, "reused " + file))
                .orElseGet(() -> measure(network, sample, microBatches, profiling, file));
        LOG.info("profile: {}", found.origin());
        return found;
    }

    /** Measures, whatever is kept already, and keeps the result. */
    public Found renew(ComputationGraph network, MicroBatch sample, int microBatches, Duration profiling) {
        Path file = folder == null ? null : fileFor(folder, network, sample, microBatches);
        Found found = measure(network, sample, microBatches, profiling, file);
        LOG.info("profile: {}", found.origin());
        return found;
    }

    private static Found measure(
            ComputationGraph network, MicroBatch sample, int microBatches, Duration profiling, @Nullable Path file) {
        long start = System.nanoTime();
        ModelProfile profile = ModelProfile.measure(network, sample, microBatches, profiling);
        String origin = String.format(Locale.ROOT, "measured in %.1f s", (System.nanoTime() - start) / 1e9);
        return new Found(profile, file == null ? origin : origin + keep(file, profile));
    }

    /** Writes a profile as JSON, whole or not at all. */
    public static void write(Path file, ModelProfile profile) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, "profile", ".part");
        try {
            Files.writeString(part, JSON.writeValueAsString(profile) + "\n");
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Path fileFor(Path folder, ComputationGraph network, MicroBatch sample, int microBatches) {
        Fingerprint fingerprint = Fingerprint.here(network.getConfiguration(), sample);
        return folder.resolve("profile-" + fingerprint.digest() + "-" + microBatches + ".json");
    }

    private static Optional<ModelProfile> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(file), ModelProfile.class));
        } catch (JsonProcessingException e) {
            LOG.warn("profile: {} cannot be used and is measured again: {}", file, e.getOriginalMessage());
        } catch (IOException e) {
            LOG.warn("profile: {} cannot be read and is measured again: {}", file, e.toString());
        }
        return Optional.empty();
    }

    private static String keep(Path file, ModelProfile profile) {
        try {
            write(file, profile);
            return ", kept as " + file;
        } catch (IOException e) {
            LOG.warn("profile: it cannot be kept as {}: {}", file, e.toString());
            return ", not kept";
        }
    }
}
