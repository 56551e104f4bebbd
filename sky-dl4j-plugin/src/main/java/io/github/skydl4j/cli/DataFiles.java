package io.github.skydl4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of labelled sentences: those of a folder laid out as GLUE's, or by name.
 *
 * @param folder holds train and dev, each with the ending
 * @param train the training file, where it is not the folder's
 * @param dev the held-out file, where it is not the folder's; without one nothing is evaluated
 * @param ending of the files in the folder, for example {@code .tsv}
 */
record DataFiles(Optional<Path> folder, Optional<Path> train, Optional<Path> dev, String ending) {
    static DataFiles read(Section data, String ending) {
        return new DataFiles(data.inputPath("dir"), data.inputPath("train"), data.inputPath("dev"), ending);
    }

    Path trainFile() {
        return train.orElseGet(() -> folder.orElseThrow().resolve("train" + ending));
    }

    Optional<Path> devFile() {
        return dev.or(() -> folder.map(path -> path.resolve("dev" + ending)));
    }

    /** Throws a {@link ConfigException} unless the training file is given in one way and all files are there. */
    void check(Section data) {
        if (folder.isEmpty() && train.isEmpty()) {
            throw data.error(
                    "dir",
                    "not given, expected a folder with train" + ending + " and dev" + ending
                            + ", or the files as data.train and data.dev");
        }
        if (folder.isPresent() && !Files.isDirectory(folder.get())) {
            throw data.error("dir", "found " + folder.get() + ", which is no folder" + seenFrom());
        }
        requireFile(data, train.isPresent() ? "train" : "dir", trainFile());
        devFile().ifPresent(file -> requireFile(data, dev.isPresent() ? "dev" : "dir", file));
    }

    private static void requireFile(Section data, String key, Path file) {
        if (!Files.isRegularFile(file)) {
            throw data.error(key, "there is no file " + file + seenFrom());
        }
    }

    private static String seenFrom() {
        return " (seen from " + Path.of("").toAbsolutePath() + ")";
    }
}
