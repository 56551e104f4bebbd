package io.github.skydl4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentimentSetTest {
    private static final Path SHIPPED = Path.of("..", "config-templates", "data", "sentiment");

    private final Words words = new Words(true);
    private final TextSet train = read("train.tsv");
    private final TextSet dev = read("dev.tsv");

    @TempDir
    private Path folder;

    @Test
    void isShippedAsGenerated() throws IOException {
        SentimentSet.generate().write(folder);

        for (String file : List.of("train.tsv", "dev.tsv")) {
            assertThat(folder.resolve(file)).hasSameBinaryContentAs(SHIPPED.resolve(file));
        }
    }

    @Test
    void readsWithoutProblems() {
        assertThat(train.examples()).hasSize(5000);
        assertThat(dev.examples()).hasSize(800);
        assertThat(train.labels()).isEqualTo(dev.labels()).containsExactly("0", "1");
        assertThat(train.problems()).isEmpty();
    }

    @Test
    void holdsNoSentenceTwice() {
        Set<String> sentences = new HashSet<>();
        for (TextSet set : List.of(train, dev)) {
            set.examples().forEach(example -> sentences.add(example.first()));
        }
        assertThat(sentences).hasSize(5800);
    }

    @Test
    void isShortAndOfFewWords() {
        Set<String> distinct = new HashSet<>();
        for (LabelledText example : train.examples()) {
            assertThat(words.of(example.first())).hasSizeLessThanOrEqualTo(14);
            distinct.addAll(words.of(example.first()));
        }
        assertThat(distinct).hasSizeBetween(200, 400);
        dev.examples().forEach(example -> assertThat(distinct).containsAll(words.of(example.first())));
    }

    @Test
    void hasWordsOfEitherPolarityUnderBothLabels() {
        Map<String, int[]> counts = new TreeMap<>();
        for (LabelledText example : train.examples()) {
            for (String word : Set.copyOf(words.of(example.first()))) {
                counts.computeIfAbsent(word, any -> new int[2])[example.label()]++;
            }
        }
        for (Polarity polarity : Polarity.values()) {
            int[] all = new int[2];
            for (SentimentTopic topic : SentimentTopic.ALL) {
                for (String adjective : topic.adjectives(polarity)) {
                    int[] count = counts.getOrDefault(adjective, new int[2]);
                    assertThat(smallerShare(count)).as(adjective).isGreaterThan(0.1);
                    all[0] += count[0];
                    all[1] += count[1];
                }
            }
            assertThat(smallerShare(all)).as("all %s adjectives", polarity).isGreaterThan(0.3);
        }
    }

    private static double smallerShare(int[] counts) {
        return Math.min(counts[0], counts[1]) / (double) (counts[0] + counts[1]);
    }

    @Test
    void isNotSolvedByABagOfWords() {
        BagOfWords bag = new BagOfWords();
        for (int pass = 0; pass < 30; pass++) {
            double rate = 0.1 / (1 + 0.2 * pass);
            train.examples().forEach(example -> bag.learn(example, rate));
        }
        assertThat(bag.accuracy(dev)).isLessThanOrEqualTo(0.75);
    }

    /** Logistic regression on the words of a sentence, trained by gradient steps. */
    private final class BagOfWords {
        private final Map<String, Double> weights = new HashMap<>();

        private void learn(LabelledText example, double rate) {
            double error = example.label() - 1 / (1 + Math.exp(-score(example)));
            for (String word : words.of(example.first())) {
                weights.merge(word, rate * error, Double::sum);
            }
        }

        private double score(LabelledText example) {
            return words.of(example.first()).stream()
                    .mapToDouble(word -> weights.getOrDefault(word, 0.0))
                    .sum();
        }

        private double accuracy(TextSet set) {
            long right = set.examples().stream()
                    .filter(example -> (score(example) > 0) == (example.label() == 1))
                    .count();
            return (double) right / set.examples().size();
        }
    }

    private static TextSet read(String file) {
        return new TsvReader(TsvFormat.detected(), new Sample.All()).read(SHIPPED.resolve(file));
    }
}
