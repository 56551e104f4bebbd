package io.github.skydl4j.text;

import java.util.List;
import org.deeplearning4j.text.tokenization.tokenizer.TokenPreProcess;
import org.deeplearning4j.text.tokenization.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** Hands out pieces that are already found. Confined to one thread. */
final class PieceTokenizer implements Tokenizer {
    private final List<String> pieces;
    private @Nullable TokenPreProcess preProcessor;
    private int next;

    PieceTokenizer(List<String> pieces, @Nullable TokenPreProcess preProcessor) {
        this.pieces = pieces;
        this.preProcessor = preProcessor;
    }

    @Override
    public boolean hasMoreTokens() {
        return next < pieces.size();
    }

    @Override
    public int countTokens() {
        return pieces.size();
    }

    @Override
    public String nextToken() {
        return processed(pieces.get(next++));
    }

    @Override
    public List<String> getTokens() {
        return pieces.stream().map(this::processed).toList();
    }

    @Override
    public void setTokenPreProcessor(TokenPreProcess tokenPreProcessor) {
        this.preProcessor = tokenPreProcessor;
    }

    private String processed(String piece) {
        return preProcessor == null ? piece : preProcessor.preProcess(piece);
    }
}
