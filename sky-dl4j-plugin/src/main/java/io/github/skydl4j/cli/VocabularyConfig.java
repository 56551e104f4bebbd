package io.github.skydl4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the word pieces come from; the keys under {@code vocabulary}.
 *
 * @param file a vocab.txt, by default that of the checkpoint; without one, the vocabulary is made of the training text
 * @param size pieces at most, where the vocabulary is made
 * @param minCount how often a word must occur, where the vocabulary is made
 */
record VocabularyConfig(Optional<Path> file, int size, int minCount) {
    private static final int SMALLEST = 16;

    /** @param checkpoint the folder that the model starts from, which may bring the vocabulary */
    static VocabularyConfig read(Section section, Optional<Path> checkpoint) {
        Optional<Path> given = section.inputPath("file");
        Optional<Path> file = given.or(() -> checkpoint.map(folder -> folder.resolve("vocab.txt")));
        if (given.isEmpty() && file.isPresent() && !Files.isRegularFile(file.get())) {
            throw section.error(
                    "file",
                    "not given, and " + checkpoint.orElseThrow() + " holds no vocab.txt: expected the vocab.txt that"
                            + " the checkpoint was trained with");
        }
        if (file.isPresent() && !Files.isRegularFile(file.get())) {
            throw section.error(
                    "file",
                    "found " + file.get() + ", which is no file, seen from "
                            + Path.of("").toAbsolutePath());
        }
        return new VocabularyConfig(file, section.integer("size", 8000, SMALLEST), section.integer("minCount", 2, 1));
    }
}
