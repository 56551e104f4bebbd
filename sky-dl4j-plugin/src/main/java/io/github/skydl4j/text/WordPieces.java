package io.github.skydl4j.text;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.text.tokenization.tokenizer.BertWordPieceStreamTokenizer;
import org.deeplearning4j.text.tokenization.tokenizer.BertWordPieceTokenizer;
import org.deeplearning4j.text.tokenization.tokenizer.TokenPreProcess;
import org.deeplearning4j.text.tokenization.tokenizer.Tokenizer;
import org.deeplearning4j.text.tokenization.tokenizerfactory.TokenizerFactory;
import org.jspecify.annotations.Nullable;

/**
 * DL4J's BERT tokenizer, made safe for any text: takes one word at a time and gives {@link Vocabulary#UNKNOWN} for a
 * word that has no pieces. Every piece it returns is in the vocabulary. Thread-safe.
 *
 * <p>On its own, DL4J's tokenizer throws on a word with a character that the vocabulary lacks in that position, drops
 * characters that the vocabulary lacks everywhere, and where "#" is a token of its own mistakes it for the start of
 * "##x" and goes round in circles. The
 * pieces of words met before are kept.
 */
public final class WordPieces implements TokenizerFactory {
    /** BERT's own limit, in characters: longer words are noise. */
    private static final int MAX_WORD_LENGTH = 100;

    private static final int MAX_KEPT_WORDS = 1 << 17;

    private final Vocabulary vocabulary;
    private final Words words;
    private final Map<String, List<String>> piecesByWord = new ConcurrentHashMap<>();
    private volatile @Nullable TokenPreProcess tokenPreProcessor;

    public WordPieces(Vocabulary vocabulary, Words words) {
        this.vocabulary = vocabulary;
        this.words = words;
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The pieces of {@code sentence}, without {@link Vocabulary#CLASSIFY} and {@link Vocabulary#SEPARATE}. */
    public List<String> of(String sentence) {
        List<String> pieces = new ArrayList<>();
        for (String word : words.of(sentence)) {
            pieces.addAll(ofWord(word));
        }
        return pieces;
    }

    @Override
    public Tokenizer create(String sentence) {
        return new PieceTokenizer(of(sentence), tokenPreProcessor);
    }

    /** Tokenizes the whole stream, UTF-8, and closes it. */
    @Override
    public Tokenizer create(InputStream sentence) {
        return create(BertWordPieceStreamTokenizer.readAndClose(sentence, StandardCharsets.UTF_8));
    }

    @Override
    public void setTokenPreProcessor(TokenPreProcess preProcessor) {
        this.tokenPreProcessor = preProcessor;
    }

    @Override
    public @Nullable TokenPreProcess getTokenPreProcessor() {
        return tokenPreProcessor;
    }

    private List<String> ofWord(String word) {
        List<String> known = piecesByWord.get(word);
        if (known != null) {
            return known;
        }
        List<String> pieces = split(word);
        if (piecesByWord.size() < MAX_KEPT_WORDS) {
            piecesByWord.put(word, pieces);
        }
        return pieces;
    }

    private List<String> split(String word) {
        if (word.length() > MAX_WORD_LENGTH) {
            return List.of(Vocabulary.UNKNOWN);
        }
        try {
            return List.copyOf(new BertWordPieceTokenizer(word, vocabulary.ids(), null, null).getTokens());
        } catch (IllegalStateException noPieces) {
            return List.of(Vocabulary.UNKNOWN);
        }
    }
}
