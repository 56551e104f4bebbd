package io.github.skydl4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What measured units depend on. Immutable.
 *
 * @param hostCores processors of the JVM
 * @param backEnd the class of ND4J's back end
 * @param dl4jVersion for example {@code 1.0.0-M2.1}
 * @param modelHash SHA-256 of the model's configuration as JSON, in hexadecimal
 */
record Fingerprint(long hostCores, String backEnd, String dl4jVersion, String modelHash) {
    private static final String VERSION_FILE = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";

    /** That of the model on this JVM. */
    static Fingerprint here(ComputationGraphConfiguration model) {
        return new Fingerprint(
                Runtime.getRuntime().availableProcessors(),
                Nd4j.getBackend().getClass().getSimpleName(),
                installedVersion(),
                sha256(model.toJson()));
    }

    static Fingerprint read(Section section) {
        return new Fingerprint(
                section.requiredCount("hostCores"),
                section.requiredText("backEnd"),
                section.requiredText("dl4jVersion"),
                section.requiredText("modelHash"));
    }

    /** In what this one differs from the one measured now, a few words each. */
    List<String> differencesTo(Fingerprint now) {
        List<String> differences = new ArrayList<>();
        if (hostCores != now.hostCores) {
            differences.add(hostCores + " cores, here " + now.hostCores);
        }
        if (!backEnd.equals(now.backEnd)) {
            differences.add("back end " + backEnd + ", here " + now.backEnd);
        }
        if (!dl4jVersion.equals(now.dl4jVersion)) {
            differences.add("DL4J " + dl4jVersion + ", here " + now.dl4jVersion);
        }
        if (!modelHash.equals(now.modelHash)) {
            differences.add("another model configuration");
        }
        return differences;
    }

    private static String installedVersion() {
        Properties properties = new Properties();
        try (InputStream file = ComputationGraph.class.getResourceAsStream(VERSION_FILE)) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }

    static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
