package io.github.skydl4j.text;

import java.util.List;
import java.util.Random;

/**
 * An endless, seeded source of short English sentences with a sentiment: label 0 is negative, 1 positive. Confined to
 * one thread; the same seed gives the same sentences on every machine.
 *
 * <p>Counting words does not find the sentiment: a negation turns the word after it, a denial turns the clause after it
 * (both may meet), and of two clauses set against each other only the main one counts: the one after "but", the one
 * without "although". Every word of either polarity stands under both labels.
 */
public final class SentimentSentences {
    private static final List<String> HEDGES = List.of(
            "to be honest ,", "in the end ,", "in my opinion ,", "this time ,", "as far as i can tell ,", "well ,");
    private static final List<String> REPORTS =
            List.of("i think that", "i would say that", "everybody says that", "it is true that", "i believe that");
    private static final List<String> DENIALS = List.of(
            "i do not think that", "i would not say that", "nobody says that", "it is not true that", "i doubt that");
    private static final List<String> BUT = List.of("but", ", yet", ", but");
    private static final List<String> ALTHOUGH = List.of("although", "though", "even though");

    /** Punctuation marks included: with [CLS] and [SEP] a sentence has 16 pieces at most. */
    private static final int MAX_WORDS = 14;

    private final Words words = new Words(true);
    private final Random random;
    private final SentimentClause clause;

    public SentimentSentences(long seed) {
        this.random = new Random(seed);
        this.clause = new SentimentClause(random);
    }

    /** The next sentence, lower case, with a full stop. */
    public LabelledText next() {
        Polarity meaning = random.nextBoolean() ? Polarity.POSITIVE : Polarity.NEGATIVE;
        String sentence = sentence(meaning, pick(SentimentTopic.ALL)) + " .";
        while (words.of(sentence).size() > MAX_WORDS) {
            sentence = sentence(meaning, pick(SentimentTopic.ALL)) + " .";
        }
        return new LabelledText(sentence, null, meaning.label());
    }

    private String sentence(Polarity meaning, SentimentTopic topic) {
        SentimentClause.Subject subject = clause.subject(topic, "");
        int kind = random.nextInt(100);
        if (kind < 46) {
            return hedge() + clause.saying(meaning, subject);
        }
        if (kind < 54) {
            return pick(REPORTS) + " " + clause.saying(meaning, subject);
        }
        if (kind < 63) {
            return pick(DENIALS) + " " + clause.saying(meaning.opposite(), subject);
        }
        if (kind < 66) {
            return hedge() + clause.neither(meaning, subject);
        }
        return kind < 78 ? agreeing(meaning, subject) : contrasting(meaning, subject);
    }

    private String agreeing(Polarity meaning, SentimentClause.Subject subject) {
        SentimentClause.Subject other = clause.subject(subject.topic(), subject.name());
        return clause.saying(meaning, subject) + " and " + clause.saying(meaning, other);
    }

    private String contrasting(Polarity meaning, SentimentClause.Subject subject) {
        SentimentClause.Subject other = clause.subject(subject.topic(), subject.name());
        String main = clause.saying(meaning, subject);
        String aside = clause.saying(meaning.opposite(), other);
        return switch (random.nextInt(4)) {
            case 0 -> pick(ALTHOUGH) + " " + aside + " , " + main;
            case 1 -> main + " , " + pick(ALTHOUGH) + " " + aside;
            default -> aside + " " + pick(BUT) + " " + main;
        };
    }

    private String hedge() {
        return random.nextInt(3) == 0 ? pick(HEDGES) + " " : "";
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
