package io.github.skydl4j.text;

import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * BERT's way to ask for words: of the pieces of a text, special ones aside, a share is asked for; of these, 80 in 100 are
 * replaced by {@link Vocabulary#MASK}, 10 by any piece, and 10 stay. Immutable.
 */
public final class Masking {
    /** BERT's. */
    public static final double USUAL_SHARE = 0.15;

    private static final double MASKED = 0.8;
    private static final double REPLACED = 0.9;

    private final double share;
    private final int pieces;
    private final int mask;
    private final Set<Integer> special;

    /**
     * @param share of the pieces that are asked for, above 0 and at most 1
     * @throws TextException if the vocabulary has no {@link Vocabulary#MASK}
     */
    public Masking(Vocabulary vocabulary, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new TextException("a share of " + share + " words to mask: it must be above 0 and at most 1");
        }
        if (!vocabulary.ids().containsKey(Vocabulary.MASK)) {
            throw new TextException("the vocabulary has no " + Vocabulary.MASK
                    + ", which masked words need: take another," + " or none, and one is made of the text");
        }
        this.share = share;
        this.pieces = vocabulary.size();
        this.mask = vocabulary.id(Vocabulary.MASK);
        this.special = Stream.of(
                        Vocabulary.PAD, Vocabulary.UNKNOWN, Vocabulary.CLASSIFY, Vocabulary.SEPARATE, Vocabulary.MASK)
                .map(vocabulary::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Replaces some of the pieces.
     *
     * @param ids of the pieces, changed in place
     * @return which ones are asked for
     */
    boolean[] apply(int[] ids, Random random) {
        boolean[] asked = new boolean[ids.length];
        for (int place = 0; place < ids.length; place++) {
            asked[place] = !special.contains(ids[place]) && random.nextDouble() < share;
            if (asked[place]) {
                ids[place] = replacement(ids[place], random);
            }
        }
        return asked;
    }

    private int replacement(int id, Random random) {
        double kind = random.nextDouble();
        if (kind < MASKED) {
            return mask;
        }
        return kind < REPLACED ? random.nextInt(pieces) : id;
    }
}
