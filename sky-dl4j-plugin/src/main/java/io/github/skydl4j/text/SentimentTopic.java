package io.github.skydl4j.text;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something people have opinions on: its parts, and the adjectives that suit each of them.
 *
 * @param singular parts that take "is"
 * @param plural parts that take "are"
 */
record SentimentTopic(List<String> singular, List<String> plural, List<String> positive, List<String> negative) {
    private static final List<String> GOOD =
            words("good great excellent superb wonderful brilliant impressive delightful");
    private static final List<String> BAD = words("bad poor awful terrible dreadful disappointing mediocre annoying");

    static final List<SentimentTopic> ALL = List.of(
            topic(
                    "film plot script story ending",
                    "scenes songs",
                    "gripping moving clever original memorable charming",
                    "dull predictable clumsy tedious shallow forgettable"),
            topic(
                    "soup fish dessert salad bread",
                    "noodles vegetables",
                    "tasty fresh delicious tender appetising flavourful",
                    "bland stale greasy burnt soggy tasteless"),
            topic(
                    "hotel lobby bathroom garden cabin",
                    "rooms bedrooms",
                    "clean cosy quiet comfortable spacious bright",
                    "dirty noisy cramped shabby gloomy damp"),
            topic(
                    "phone camera keyboard printer laptop",
                    "speakers buttons",
                    "fast sturdy reliable precise elegant handy",
                    "sluggish flimsy unreliable fragile outdated awkward"),
            topic(
                    "waiter guide driver manager clerk",
                    "nurses teachers",
                    "friendly polite helpful patient attentive cheerful",
                    "rude careless unhelpful impatient arrogant grumpy"),
            topic(
                    "tour village museum festival market",
                    "beaches walks",
                    "relaxing scenic exciting peaceful inspiring lively",
                    "boring crowded dreary tiring overpriced grim"));

    /** Adjectives of every topic and the topic's own. */
    List<String> adjectives(Polarity polarity) {
        return polarity == Polarity.POSITIVE ? positive : negative;
    }

    private static SentimentTopic topic(String singular, String plural, String positive, String negative) {
        return new SentimentTopic(
                words(singular), words(plural), joined(GOOD, words(positive)), joined(BAD, words(negative)));
    }

    private static List<String> joined(List<String> general, List<String> own) {
        return Stream.concat(general.stream(), own.stream()).toList();
    }

    private static List<String> words(String text) {
        return List.of(text.split(" ", -1));
    }
}
