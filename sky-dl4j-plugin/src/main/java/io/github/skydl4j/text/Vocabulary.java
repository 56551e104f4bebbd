package io.github.skydl4j.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The word pieces that a model knows; the place of a piece is its id. Pieces that continue a word start with "##". Holds
 * at least the {@link #PAD}, {@link #UNKNOWN}, {@link #CLASSIFY} and {@link #SEPARATE} tokens. Immutable.
 */
public final class Vocabulary {
    public static final String PAD = "[PAD]";
    public static final String UNKNOWN = "[UNK]";
    public static final String CLASSIFY = "[CLS]";
    public static final String SEPARATE = "[SEP]";
    public static final String MASK = "[MASK]";

    private static final List<String> REQUIRED = List.of(PAD, UNKNOWN, CLASSIFY, SEPARATE);

    private final List<String> tokens;
    private final NavigableMap<String, Integer> ids;
    private final int unknown;

    private Vocabulary(List<String> tokens, NavigableMap<String, Integer> ids) {
        this.tokens = tokens;
        this.ids = ids;
        this.unknown = tokens.indexOf(UNKNOWN);
    }

    /** The vocabulary of {@code tokens}, in order of their ids. */
    public static Vocabulary of(List<String> tokens) {
        return of(tokens, "the vocabulary");
    }

    /** Reads a vocab.txt as BERT models bring it: one token a line, in order of their ids. */
    public static Vocabulary read(Path file) {
        return of(TextLines.read(file), file.toString());
    }

    /** Writes a vocab.txt that {@link #read} gives back. */
    public void save(Path file) {
        try {
            Files.writeString(file, String.join("\n", tokens) + "\n");
        } catch (IOException e) {
            throw new TextException(file + " cannot be written: " + e, e);
        }
    }

    public List<String> tokens() {
        return tokens;
    }

    public int size() {
        return tokens.size();
    }

    /** The id of {@code piece}, or the id of {@link #UNKNOWN}. */
    public int id(String piece) {
        return ids.getOrDefault(piece, unknown);
    }

    /** Ids by token in descending order of the tokens, which is what DL4J's tokenizer asks for; unmodifiable. */
    public NavigableMap<String, Integer> ids() {
        return ids;
    }

    private static Vocabulary of(List<String> tokens, String source) {
        TreeMap<String, Integer> ids = new TreeMap<>(Collections.reverseOrder());
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (token.isBlank()) {
                throw new TextException(source + ":" + (id + 1) + ": blank, but every line needs a token");
            }
            Integer earlier = ids.put(token, id);
            if (earlier != null) {
                throw new TextException(source + ":" + (id + 1) + ": the token " + token + " again, after line "
                        + (earlier + 1) + ": remove one");
            }
        }
        for (String required : REQUIRED) {
            if (!ids.containsKey(required)) {
                throw new TextException(source + ": no token " + required + " among " + tokens.size() + ": all of "
                        + REQUIRED + " are needed");
            }
        }
        return new Vocabulary(List.copyOf(tokens), Collections.unmodifiableNavigableMap(ids));
    }
}
