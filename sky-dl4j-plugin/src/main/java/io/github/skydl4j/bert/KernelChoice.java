package io.github.skydl4j.bert;

import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which kernels this JVM uses, decided once and logged.
 *
 * <p>The CPU kernels need float32, ND4J's CPU back end and the module jdk.incubator.vector ({@code --add-modules
 * jdk.incubator.vector}); where one is missing, ND4J operations do the work. The system property {@value #PROPERTY}
 * overrides: {@code nd4j}, {@code cpu} (an error where they cannot run) or {@code auto}.
 */
final class KernelChoice {
    static final String PROPERTY = "sky.bert.kernels";

    private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
    private static final String MODULE = "jdk.incubator.vector";
    private static final String CPU_KERNELS = "io.github.skydl4j.bert.VectorKernels";
    private static final Kernels ND4J = new Nd4jKernels();

    private KernelChoice() {}

    static Kernels forType(DataType type) {
        return type == DataType.FLOAT ? Chosen.KERNELS : ND4J;
    }

    /** ND4J operations, whatever the JVM offers. */
    static Kernels nd4j() {
        return ND4J;
    }

    /** The CPU kernels, or an error that says why they cannot run. */
    static Kernels cpu() {
        String obstacle = obstacle();
        if (!obstacle.isEmpty()) {
            throw new IllegalStateException("no CPU kernels: " + obstacle);
        }
        try {
            return Class.forName(CPU_KERNELS)
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("no CPU kernels: " + e, e);
        }
    }

    /** Why the CPU kernels cannot run here; empty if they can. */
    static String obstacle() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return "the JVM runs without --add-modules " + MODULE;
        }
        String backend = Nd4j.getBackend().getClass().getSimpleName();
        return backend.equals("CpuBackend") ? "" : "ND4J's back end is " + backend;
    }

    static Kernels choose(String wanted) {
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "auto" -> automatic();
            case "cpu" -> {
                LOG.info("BERT kernels: CPU, asked for by -D{}", PROPERTY);
                yield cpu();
            }
            case "nd4j" -> {
                LOG.info("BERT kernels: ND4J operations, asked for by -D{}", PROPERTY);
                yield ND4J;
            }
            default ->
                throw new IllegalArgumentException(PROPERTY + " is \"" + wanted + "\", must be auto, nd4j or cpu");
        };
    }

    private static Kernels automatic() {
        String obstacle = obstacle();
        if (obstacle.isEmpty()) {
            try {
                Kernels kernels = cpu();
                LOG.info("BERT kernels: CPU (cblas and the Vector API) for float32, ND4J operations for float64");
                return kernels;
            } catch (IllegalStateException e) {
                obstacle = String.valueOf(e.getMessage());
            }
        }
        LOG.info("BERT kernels: ND4J operations, since {}", obstacle);
        return ND4J;
    }

    /** Decided when first asked for. */
    private static final class Chosen {
        static final Kernels KERNELS = choose(System.getProperty(PROPERTY, "auto"));
    }
}
