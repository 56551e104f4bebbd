package io.github.skydl4j.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What computes in this JVM.
 *
 * @param gpu whether that is a GPU
 * @param text for people
 */
record BackEnd(boolean gpu, String text) {
    /** nd4j-cuda-11.6 1.0.0-M2.1 holds machine code for compute capabilities 3.7 to 8.6, which runs up to 8.9. */
    private static final int LATEST_MAJOR = 8;

    /**
     * Loads the back end of this build.
     *
     * @param wanted {@code cpu}, {@code gpu}, or null for whatever there is
     * @throws ConfigException in one line, if it does not load, cannot use the GPU, or is not the wanted one
     */
    static BackEnd require(@Nullable String wanted) {
        BackEnd found = load();
        if (wanted != null && !wanted.equals("cpu") && !wanted.equals("gpu")) {
            throw new ConfigException("--device: found \"" + wanted + "\", expected cpu or gpu");
        }
        if (wanted != null && found.gpu != wanted.equals("gpu")) {
            throw new ConfigException("--device: this build computes on the " + (found.gpu ? "GPU" : "CPU")
                    + ": build it " + (found.gpu ? "without" : "with") + " -Pcuda (SKY_MAVEN_OPTS) for " + wanted);
        }
        return found;
    }

    private static BackEnd load() {
        try {
            String name = Nd4j.getBackend().getClass().getSimpleName();
            if (!name.toLowerCase(Locale.ROOT).contains("cu")) {
                return new BackEnd(false, name);
            }
            Properties information = Nd4j.getExecutioner().getEnvironmentInformation();
            return new BackEnd(true, name + checked(information.get("cuda.devicesInformation")));
        } catch (ConfigException e) {
            throw e;
        } catch (Throwable e) { // A native library that does not load ends in an Error.
            throw new ConfigException(
                    "this build's back end does not load: " + rootCause(e)
                            + "; a build with -Pcuda needs an NVIDIA GPU and its driver, any other none of them",
                    e);
        }
    }

    /**
     * Says which GPU computes.
     *
     * @param devices as ND4J tells them: a map for each
     * @throws ConfigException if there is none, or none that the build has code for
     */
    static String checked(@Nullable Object devices) {
        if (!(devices instanceof List<?> list) || list.isEmpty()) {
            throw new ConfigException(
                    "this build is for GPUs (-Pcuda), and there is none on this machine: build without -Pcuda");
        }
        if (list.get(0) instanceof Map<?, ?> device) {
            int major = Integer.parseInt(String.valueOf(device.get("cuda.deviceMajor")));
            String name = String.valueOf(device.get("cuda.deviceName"));
            if (major > LATEST_MAJOR) {
                throw new ConfigException("the GPU " + name + " has compute capability " + major
                        + ".x, and nd4j-cuda-11.6 holds no code for it (3.7 to 8.9 only; Hopper and later are too new):"
                        + " build without -Pcuda, or use an older GPU");
            }
            return " on " + name;
        }
        return "";
    }

    private static String rootCause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }
}
