package io.github.skydl4j.profile;

import io.github.skydl4j.graph.MicroBatch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What measured units depend on. Immutable.
 *
 * @param machine where, and with which software
 * @param modelHash SHA-256 of the model's configuration as JSON, in hexadecimal
 * @param sampleShape types and shapes of the micro-batch that was measured
 */
public record Fingerprint(Machine machine, String modelHash, String sampleShape) {
    /** What a network adds to its own copy of the configuration, or changes in it as it is trained. */
    private static final Pattern CHANGING = Pattern.compile(
            "\"(iterationCount|epochCount|nin|nIn|variables|topologicalOrder|topologicalOrderStr)\"\\s*:\\s*"
                    + "(-?\\d+|null|\\[[^\\]]*\\])\\s*,?");

    /** That of a model and a sample on this JVM. */
    public static Fingerprint here(ComputationGraphConfiguration model, MicroBatch sample) {
        return new Fingerprint(
                Machine.here(), hash(CHANGING.matcher(model.toJson()).replaceAll("")), shapes(sample));
    }

    /** In what this one differs from the one that is needed now, a few words each; empty if in nothing. */
    public List<String> differencesTo(Fingerprint now) {
        List<String> differences = new ArrayList<>(machine.differencesTo(now.machine));
        if (!modelHash.equals(now.modelHash)) {
            differences.add("another model configuration");
        }
        if (!sampleShape.equals(now.sampleShape)) {
            differences.add("shapes " + sampleShape + ", here " + now.sampleShape);
        }
        return differences;
    }

    /** A short name for all of it. */
    String digest() {
        return hash(toString()).substring(0, 32);
    }

    private static String shapes(MicroBatch sample) {
        Map<String, INDArray> arrays = new TreeMap<>();
        sample.features().forEach((name, array) -> arrays.put(name, array));
        sample.featureMasks().forEach((name, array) -> arrays.put(name + " mask", array));
        sample.labels().forEach((name, array) -> arrays.put("labels of " + name, array));
        sample.labelMasks().forEach((name, array) -> arrays.put("labels mask of " + name, array));
        List<String> shapes = new ArrayList<>();
        arrays.forEach((name, array) -> shapes.add(name + " " + Arrays.toString(array.shape())));
        return String.join(", ", shapes);
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
