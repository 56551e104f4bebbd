package io.github.skydl4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of labelled sentences: those of a folder laid out as GLUE's, or by name.
 *
 * @param folder holds train.tsv and dev.tsv
 * @param train the training file, where it is not the folder's
 * @param dev the held-out file, where it is not the folder's; without one nothing is evaluated
 */
record DataFiles(Optional<Path> folder, Optional<Path> train, Optional<Path> dev) {
    static DataFiles read(Section data) {
        return new DataFiles(data.inputPath("dir"), data.inputPath("train"), data.inputPath("dev"));
    }

    Path trainFile() {
        return train.orElseGet(() -> folder.orElseThrow().resolve("train.tsv"));
    }

    Optional<Path> devFile() {
        return dev.or(() -> folder.map(path -> path.resolve("dev.tsv")));
    }

    /** Throws a {@link ConfigException} unless the training file is given in one way and all files are there. */
    void check(Section data) {
        if (folder.isEmpty() && train.isEmpty()) {
            throw data.error(
                    "dir",
                    "not given, expected a folder with train.tsv and dev.tsv, or the files as data.train"
                            + " and data.dev");
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
