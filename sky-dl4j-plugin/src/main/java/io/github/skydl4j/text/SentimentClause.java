package io.github.skydl4j.text;

import java.util.List;
import java.util.Random;

/**
 * Writes single clauses of a wanted meaning on one subject: with a word of that meaning, or with a word of the opposite
 * meaning negated. Confined to one thread.
 */
final class SentimentClause {
    private static final List<String> DEGREES = List.of("really", "truly", "simply", "quite");
    private static final List<String> NEGATIONS = List.of(
            "not", "not", "not really", "not at all", "never", "hardly", "far from", "anything but", "by no means");
    private static final List<String> LIKED = List.of("liked", "loved", "enjoyed", "admired");
    private static final List<String> DISLIKED = List.of("disliked", "hated", "loathed", "despised");
    private static final List<String> LIKE = List.of("like", "love", "enjoy", "admire");
    private static final List<String> DISLIKE = List.of("dislike", "hate", "loathe", "despise");
    private static final List<String> PEOPLE = List.of("i", "we", "they", "my friends", "the critics");

    private final Random random;

    SentimentClause(Random random) {
        this.random = random;
    }

    /** A thing to speak of. */
    record Subject(SentimentTopic topic, String name, boolean plural) {
        String phrase() {
            return "the " + name;
        }
    }

    /** A random part of {@code topic} other than the one called {@code used}. */
    Subject subject(SentimentTopic topic, String used) {
        boolean plural = random.nextInt(10) < 3;
        String name = pick(plural ? topic.plural() : topic.singular());
        return name.equals(used) ? subject(topic, used) : new Subject(topic, name, plural);
    }

    /** A clause that says {@code meaning} of {@code subject}; a fifth of them by negation. */
    String saying(Polarity meaning, Subject subject) {
        boolean negated = random.nextInt(5) == 0;
        boolean adjective = random.nextInt(4) > 0;
        if (adjective) {
            return negated ? notAdjective(meaning, subject) : adjective(meaning, subject);
        }
        return negated ? notOpinion(meaning, subject) : opinion(meaning, subject);
    }

    /** "the soup is neither good nor fresh". */
    String neither(Polarity meaning, Subject subject) {
        List<String> adjectives = subject.topic().adjectives(meaning.opposite());
        String first = pick(adjectives);
        String second = pick(adjectives);
        return first.equals(second)
                ? neither(meaning, subject)
                : subject.phrase() + " " + be(subject) + " neither " + first + " nor " + second;
    }

    private String adjective(Polarity meaning, Subject subject) {
        String degree = random.nextBoolean() ? pick(DEGREES) + " " : "";
        return subject.phrase() + " " + be(subject) + " " + degree + adjectiveOf(meaning, subject);
    }

    private String notAdjective(Polarity meaning, Subject subject) {
        String be = be(subject);
        String negated = random.nextInt(4) == 0 ? be + "n't" : be + " " + pick(NEGATIONS);
        return subject.phrase() + " " + negated + " " + adjectiveOf(meaning.opposite(), subject);
    }

    private String opinion(Polarity meaning, Subject subject) {
        return pick(PEOPLE) + " " + pick(meaning == Polarity.POSITIVE ? LIKED : DISLIKED) + " " + subject.phrase();
    }

    private String notOpinion(Polarity meaning, Subject subject) {
        String verb = pick(meaning == Polarity.NEGATIVE ? LIKE : DISLIKE);
        String verbPast = pick(meaning == Polarity.NEGATIVE ? LIKED : DISLIKED);
        return switch (random.nextInt(4)) {
            case 0 -> pick(PEOPLE) + " did not " + verb + " " + subject.phrase();
            case 1 -> pick(PEOPLE) + " didn't " + verb + " " + subject.phrase();
            case 2 -> pick(PEOPLE) + " never " + verbPast + " " + subject.phrase();
            default -> "nobody " + verbPast + " " + subject.phrase();
        };
    }

    private String adjectiveOf(Polarity word, Subject subject) {
        return pick(subject.topic().adjectives(word));
    }

    private String be(Subject subject) {
        boolean past = random.nextBoolean();
        if (subject.plural()) {
            return past ? "were" : "are";
        }
        return past ? "was" : "is";
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
