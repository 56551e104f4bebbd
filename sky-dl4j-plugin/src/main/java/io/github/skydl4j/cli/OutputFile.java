package io.github.skydl4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A file to write, looked at before the work whose result it is to hold. */
final class OutputFile {
    private OutputFile() {}

    /** Makes the folder of the file; throws a {@link ConfigException} where the file cannot be written. */
    static void requireWritable(String key, Path file) {
        Path absolute = file.toAbsolutePath();
        Path folder = Objects.requireNonNull(absolute.getParent(), "a file has a folder");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ConfigException(key + ": the folder " + folder + " cannot be made: " + e, e);
        }
        if (Files.isDirectory(absolute) || !Files.isWritable(Files.exists(absolute) ? absolute : folder)) {
            throw new ConfigException(key + ": found " + file + ", expected a file that can be written");
        }
    }
}
