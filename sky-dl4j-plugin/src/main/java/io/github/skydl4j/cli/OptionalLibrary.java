package io.github.skydl4j.cli;

import java.util.List;

/**
 * A library that not everybody needs.
 *
 * @param artifacts what to put on the class path
 * @param witnesses a class of each artifact
 */
record OptionalLibrary(String artifacts, List<String> witnesses) {
    static final OptionalLibrary ARBITER = new OptionalLibrary(
            "org.deeplearning4j:arbiter-core:1.0.0-beta7 (without its own dependencies) and joda-time:joda-time:2.12.7",
            List.of("org.deeplearning4j.arbiter.optimize.api.ParameterSpace", "org.joda.time.format.DateTimeFormat"));

    /** Throws a {@link ConfigException} that names what is missing. */
    void require(String command) {
        for (String witness : witnesses) {
            try {
                Class.forName(witness, false, OptionalLibrary.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new ConfigException(
                        command + " needs a library that is not on the class path: add " + artifacts, e);
            }
        }
    }
}
