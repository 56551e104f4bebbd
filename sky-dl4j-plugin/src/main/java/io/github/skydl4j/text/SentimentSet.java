package io.github.skydl4j.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The sentiment set that the project ships: {@link #train()} and {@link #dev()} are the exact text of the files in
 * {@code config-templates/data/sentiment}, header included. No sentence occurs twice, in one file or across both.
 */
public final class SentimentSet {
    private static final long SEED = 2202_11836L;
    private static final int TRAIN_SENTENCES = 5000;
    private static final int DEV_SENTENCES = 800;

    private final String train;
    private final String dev;

    private SentimentSet(String train, String dev) {
        this.train = train;
        this.dev = dev;
    }

    public static SentimentSet generate() {
        SentimentSentences sentences = new SentimentSentences(SEED);
        Set<String> used = new HashSet<>();
        return new SentimentSet(tsv(sentences, TRAIN_SENTENCES, used), tsv(sentences, DEV_SENTENCES, used));
    }

    public String train() {
        return train;
    }

    public String dev() {
        return dev;
    }

    /** Writes {@code train.tsv} and {@code dev.tsv} into {@code folder}, replacing older ones. */
    public void write(Path folder) {
        try {
            Files.writeString(folder.resolve("train.tsv"), train);
            Files.writeString(folder.resolve("dev.tsv"), dev);
        } catch (IOException e) {
            throw new TextException(folder + ": the sentiment set cannot be written: " + e, e);
        }
    }

    private static String tsv(SentimentSentences sentences, int count, Set<String> used) {
        StringBuilder tsv = new StringBuilder("sentence\tlabel\n");
        for (int written = 0; written < count; ) {
            LabelledText sentence = sentences.next();
            if (used.add(sentence.first())) {
                tsv.append(sentence.first())
                        .append('\t')
                        .append(sentence.label())
                        .append('\n');
                written++;
            }
        }
        return tsv.toString();
    }
}
