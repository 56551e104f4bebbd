package io.github.skydl4j.profile;

import io.github.skydl4j.bert.BertKernels;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A JVM on a machine, as far as the speed of a model depends on it. Immutable.
 *
 * @param host its name
 * @param cpu model of the processor
 * @param cores processors of the JVM
 * @param threads of a native operation
 * @param backEnd the class of ND4J's back end
 * @param kernels which BERT kernels are at work
 * @param dl4jVersion for example {@code 1.0.0-M2.1}
 */
public record Machine(
        String host, String cpu, long cores, long threads, String backEnd, String kernels, String dl4jVersion) {
    private static final String VERSION_FILE = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";
    private static final Path CPU_FILE = Path.of("/proc/cpuinfo");

    /** This one. */
    public static Machine here() {
        return new Machine(
                hostName(),
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                Nd4j.getEnvironment().maxThreads(),
                Nd4j.getBackend().getClass().getSimpleName(),
                BertKernels.name(),
                installedVersion());
    }

    /** In what this one differs from another, a few words each. */
    List<String> differencesTo(Machine now) {
        List<String> differences = new ArrayList<>();
        note(differences, "host ", host, now.host);
        note(differences, "processor ", cpu, now.cpu);
        note(differences, "cores ", cores, now.cores);
        note(differences, "native threads ", threads, now.threads);
        note(differences, "back end ", backEnd, now.backEnd);
        note(differences, "kernels ", kernels, now.kernels);
        note(differences, "DL4J ", dl4jVersion, now.dl4jVersion);
        return differences;
    }

    private static void note(List<String> differences, String what, Object then, Object now) {
        if (!Objects.equals(then, now)) {
            differences.add(what + then + ", here " + now);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String cpuModel() {
        if (Files.isReadable(CPU_FILE)) {
            try (Stream<String> lines = Files.lines(CPU_FILE, StandardCharsets.ISO_8859_1)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException e) {
                return System.getProperty("os.arch");
            }
        }
        return Objects.requireNonNullElse(System.getenv("PROCESSOR_IDENTIFIER"), System.getProperty("os.arch"));
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
}
