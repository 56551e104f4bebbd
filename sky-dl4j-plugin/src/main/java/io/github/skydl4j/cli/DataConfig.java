package io.github.skydl4j.cli;

import io.github.skydl4j.text.BatchOptions.Padding;
import io.github.skydl4j.text.LineReader;
import io.github.skydl4j.text.Sample;
import io.github.skydl4j.text.TextSet;
import io.github.skydl4j.text.TsvFormat;
import io.github.skydl4j.text.TsvFormat.Header;
import io.github.skydl4j.text.TsvReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The labelled sentences; the keys under {@code data}.
 *
 * @param maxExamples how many of the training file are used, chosen by the training seed
 */
record DataConfig(
        Kind kind, DataFiles files, TsvFormat format, OptionalInt maxExamples, boolean lowerCase, Padding padding) {

    /** What the files hold. */
    enum Kind {
        /** Sentences and labels in columns. */
        TSV,
        /** An example a line, without labels. */
        LINES
    }

    /** Throws a {@link ConfigException} unless all files are there and have what the task needs. */
    void check(Section section, TaskKind task) {
        if (kind == Kind.LINES && task == TaskKind.CLASSIFICATION) {
            throw section.error("kind", "found lines, which have no labels: expected tsv, or masked-lm as task");
        }
        files.check(section);
    }

    /** The training examples to use. */
    TextSet train(long seed) {
        return read(format, sample(seed), files.trainFile());
    }

    /** All of a held-out file, with the labels of the training file. */
    TextSet dev(Path file, List<String> labels) {
        return read(format.withLabels(labels), new Sample.All(), file);
    }

    private TextSet read(TsvFormat columns, Sample sample, Path file) {
        return kind == Kind.LINES ? new LineReader(sample).read(file) : new TsvReader(columns, sample).read(file);
    }

    static DataConfig read(Section section) {
        Kind kind = section.choice("kind", List.of(Kind.values()), DataConfig::label, Kind.TSV);
        return new DataConfig(
                kind,
                DataFiles.read(section, kind == Kind.TSV ? ".tsv" : ".txt"),
                format(section),
                section.optionalInteger("maxExamples", 1),
                section.flag("lowerCase", true),
                section.choice("padding", List.of(Padding.values()), DataConfig::label, Padding.FULL));
    }

    private Sample sample(long seed) {
        return maxExamples.isEmpty() ? new Sample.All() : new Sample.Seeded(maxExamples.getAsInt(), seed);
    }

    private static TsvFormat format(Section section) {
        Header header = section.choice("header", List.of(Header.values()), DataConfig::label, Header.AUTO);
        Section columns = section.section("columns");
        Optional<String> sentence = columns.text("sentence");
        Optional<String> second = columns.text("second");
        if (second.isPresent() && sentence.isEmpty()) {
            throw columns.error("second", "found " + second.get() + ", but no data.columns.sentence, expected both");
        }
        return new TsvFormat(header, sentence, second, columns.text("label"), labels(section));
    }

    private static List<String> labels(Section section) {
        List<String> labels = section.texts("labels");
        if (labels.stream().distinct().count() < labels.size()) {
            throw section.error("labels", "found " + labels + ", expected each of them once");
        }
        return labels;
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
