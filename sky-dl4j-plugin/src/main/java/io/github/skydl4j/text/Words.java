package io.github.skydl4j.text;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.text.tokenization.tokenizer.BertWordPieceTokenizer;
import org.deeplearning4j.text.tokenization.tokenizer.preprocessor.BertWordPiecePreProcessor;

/**
 * Splits sentences into words as BERT does before it looks for word pieces: at white space, around every punctuation
 * mark and every Chinese character, without control characters. Rules and code are DL4J's; thread-safe.
 */
public final class Words {
    private final BertWordPiecePreProcessor cleaner;

    /** @param lowerCase also turn to lower case and strip accents, as the "uncased" vocabularies want it */
    public Words(boolean lowerCase) {
        // No vocabulary here: given one, DL4J drops characters it does not know, and "caf☃e" would read "cafe".
        this.cleaner = new BertWordPiecePreProcessor(lowerCase, lowerCase, null);
    }

    public List<String> of(String sentence) {
        List<String> words = new ArrayList<>();
        for (String word : BertWordPieceTokenizer.splitPattern.split(cleaner.preProcess(sentence), -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }
}
