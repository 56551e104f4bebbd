package io.github.skydl4j.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Counts words and makes a {@link Vocabulary} of them: the special tokens, the characters and the "##" forms of those in
 * longer words, so that rare words can be spelt, then whole words, the most frequent first. The same text gives the same vocabulary. Confined
 * to one thread.
 */
public final class VocabularyBuilder {
    private static final List<String> SPECIAL =
            List.of(Vocabulary.PAD, Vocabulary.UNKNOWN, Vocabulary.CLASSIFY, Vocabulary.SEPARATE, Vocabulary.MASK);

    private final Words words;
    private final Map<String, Integer> wordCounts = new TreeMap<>();
    private final Map<Integer, Integer> characterCounts = new TreeMap<>();
    private final Set<Integer> continuing = new HashSet<>();

    public VocabularyBuilder(Words words) {
        this.words = words;
    }

    /** Counts every sentence of {@code set}, second ones too. */
    public VocabularyBuilder add(TextSet set) {
        for (LabelledText example : set.examples()) {
            add(example.first());
            if (example.second() != null) {
                add(example.second());
            }
        }
        return this;
    }

    public VocabularyBuilder add(String sentence) {
        for (String word : words.of(sentence)) {
            wordCounts.merge(word, 1, Integer::sum);
            word.codePoints().forEach(character -> characterCounts.merge(character, 1, Integer::sum));
            if (word.codePointCount(0, word.length()) > 1) {
                word.codePoints().forEach(continuing::add);
            }
        }
        return this;
    }

    /**
     * The vocabulary of what was counted.
     *
     * @param maxSize tokens at most; characters take at most half of it, the most frequent first
     * @param minCount how often a word or character must occur
     */
    public Vocabulary build(int maxSize, int minCount) {
        if (maxSize < 2 * SPECIAL.size() || minCount < 1) {
            throw new TextException("a vocabulary of at most " + maxSize + " tokens that occur " + minCount
                    + " times: at least " + 2 * SPECIAL.size() + " tokens and 1 time are needed");
        }
        Set<String> tokens = new LinkedHashSet<>(SPECIAL);
        List<Integer> characters = characters(maxSize / 4, minCount);
        characters.forEach(character -> tokens.add(Character.toString(character)));
        characters.stream()
                .filter(continuing::contains)
                .forEach(character -> tokens.add("##" + Character.toString(character)));
        frequent(wordCounts, minCount)
                .takeWhile(word -> tokens.size() < maxSize)
                .forEach(tokens::add);
        return Vocabulary.of(new ArrayList<>(tokens));
    }

    private List<Integer> characters(int most, int minCount) {
        return frequent(characterCounts, minCount)
                .filter(character -> Character.getType(character) != Character.SURROGATE)
                .limit(most)
                .sorted()
                .toList();
    }

    /** In descending order of count, ties in the order of the keys. */
    private static <T> Stream<T> frequent(Map<T, Integer> counts, int minCount) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= minCount)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey);
    }
}
