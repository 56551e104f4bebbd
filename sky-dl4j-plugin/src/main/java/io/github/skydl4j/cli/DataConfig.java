package io.github.skydl4j.cli;

import io.github.skydl4j.text.BatchOptions.Padding;
import io.github.skydl4j.text.Sample;
import io.github.skydl4j.text.TsvFormat;
import io.github.skydl4j.text.TsvFormat.Header;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The labelled sentences; the keys under {@code data}.
 *
 * @param maxExamples how many of the training file are used, chosen by the training seed
 */
record DataConfig(DataFiles files, TsvFormat format, OptionalInt maxExamples, boolean lowerCase, Padding padding) {

    static DataConfig read(Section section) {
        section.choice("kind", List.of("tsv"), kind -> kind, "tsv");
        return new DataConfig(
                DataFiles.read(section),
                format(section),
                section.optionalInteger("maxExamples", 1),
                section.flag("lowerCase", true),
                section.choice("padding", List.of(Padding.values()), DataConfig::label, Padding.FULL));
    }

    /** The examples of the training file to use. */
    Sample sample(long seed) {
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
