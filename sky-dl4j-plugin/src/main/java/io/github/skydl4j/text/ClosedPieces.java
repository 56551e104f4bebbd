package io.github.skydl4j.text;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.text.tokenization.tokenizer.TokenPreProcess;
import org.deeplearning4j.text.tokenization.tokenizer.Tokenizer;
import org.deeplearning4j.text.tokenization.tokenizerfactory.TokenizerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Word pieces of single sentences, cut and closed with {@link Vocabulary#SEPARATE}. {@code BertIterator} does both for
 * pairs only: of a single sentence that is too long it would cut the closing token.
 */
final class ClosedPieces implements TokenizerFactory {
    private final WordPieces pieces;
    private final int most;

    /** @param most pieces of a sentence at most, the closing one included */
    ClosedPieces(WordPieces pieces, int most) {
        this.pieces = pieces;
        this.most = most;
    }

    @Override
    public Tokenizer create(String sentence) {
        return closed(pieces.of(sentence));
    }

    @Override
    public Tokenizer create(InputStream sentence) {
        return closed(pieces.create(sentence).getTokens());
    }

    @Override
    public void setTokenPreProcessor(TokenPreProcess preProcessor) {
        pieces.setTokenPreProcessor(preProcessor);
    }

    @Override
    public @Nullable TokenPreProcess getTokenPreProcessor() {
        return pieces.getTokenPreProcessor();
    }

    private Tokenizer closed(List<String> open) {
        List<String> closed = new ArrayList<>(open.subList(0, Math.min(open.size(), most - 1)));
        closed.add(Vocabulary.SEPARATE);
        return new PieceTokenizer(closed, null);
    }
}
