package io.github.skydl4j.text;

import java.util.List;
import org.deeplearning4j.iterator.BertIterator;
import org.deeplearning4j.iterator.BertIterator.FeatureArrays;
import org.deeplearning4j.iterator.BertIterator.LengthHandling;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Batches of a {@link TextSet} for a BERT graph, made by DL4J's {@link BertIterator}. Confined to one thread.
 *
 * <p>Every batch has the features tokens, types and mask, each int32 {@code [batch, time]}, and one-hot labels, float32
 * {@code [batch, labels]}. The mask is a feature and not a mask array: BERT takes its attention mask as data. Types are 0,
 * in the second sentence of a pair 1. The order of every pass depends on the seed and the number of the pass alone; a
 * {@link #reset} before anything was read does not count as a pass.
 */
@SuppressWarnings("serial") // MultiDataSetIterator is Serializable by name; a vocabulary is not worth sending.
public final class BertBatches implements MultiDataSetIterator {
    private static final int TIME_MULTIPLE = 8;

    private final SentencePass pass;
    private final BertIterator iterator;
    private final BatchOptions options;
    private @Nullable MultiDataSetPreProcessor preProcessor;

    public BertBatches(TextSet set, WordPieces pieces, BatchOptions options) {
        if (set.examples().isEmpty()) {
            throw new TextException("no examples to make batches of: at least 1 is needed");
        }
        this.options = options;
        this.pass = new SentencePass(set, new BatchOrder(lengths(set, pieces), options));
        this.iterator = set.isPairs() ? ofPairs(pieces) : ofSingles(pieces);
        iterator.setPreProcessor(this::arrange);
    }

    /** Whether every pass has an order of its own. */
    boolean isShuffled() {
        return options.shuffleSeed().isPresent();
    }

    @Override
    public boolean hasNext() {
        return pass.hasNext();
    }

    @Override
    public MultiDataSet next() {
        return next(options.batchSize());
    }

    @Override
    public MultiDataSet next(int examples) {
        return iterator.next(examples);
    }

    @Override
    public void reset() {
        // Not the iterator's own reset: it forgets the provider of pairs.
        pass.reset();
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /** False: a thread that reads ahead would blur where a pass ends. */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public void setPreProcessor(MultiDataSetPreProcessor newPreProcessor) {
        this.preProcessor = newPreProcessor;
    }

    @Override
    public @Nullable MultiDataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    private BertIterator ofSingles(WordPieces pieces) {
        return builder(pieces)
                .tokenizer(new ClosedPieces(pieces, options.maxPieces() - 1))
                .sentenceProvider(pass)
                .build();
    }

    private BertIterator ofPairs(WordPieces pieces) {
        return builder(pieces)
                .tokenizer(pieces)
                .sentencePairProvider(pass)
                .appendToken(Vocabulary.SEPARATE)
                .build();
    }

    private BertIterator.Builder builder(WordPieces pieces) {
        return BertIterator.builder()
                .task(BertIterator.Task.SEQ_CLASSIFICATION)
                .lengthHandling(LengthHandling.FIXED_LENGTH, options.maxPieces())
                .featureArrays(FeatureArrays.INDICES_MASK_SEGMENTID)
                .minibatchSize(options.batchSize())
                .vocabMap(pieces.vocabulary().ids())
                .prependToken(Vocabulary.CLASSIFY);
    }

    /** From DL4J's two features and a mask array to three features. */
    private void arrange(MultiDataSet batch) {
        INDArray mask = batch.getFeaturesMaskArray(0);
        long time = time(mask);
        batch.setFeatures(
                new INDArray[] {cut(batch.getFeatures(0), time), cut(batch.getFeatures(1), time), cut(mask, time)});
        batch.setFeaturesMaskArrays(null);
        if (preProcessor != null) {
            preProcessor.preProcess(batch);
        }
    }

    private long time(INDArray mask) {
        if (options.padding() == BatchOptions.Padding.FULL) {
            return options.maxPieces();
        }
        long longest = mask.sum(1).maxNumber().longValue();
        return Math.min(options.maxPieces(), (longest + TIME_MULTIPLE - 1) / TIME_MULTIPLE * TIME_MULTIPLE);
    }

    private static INDArray cut(INDArray rows, long time) {
        return time == rows.size(1)
                ? rows
                : rows.get(NDArrayIndex.all(), NDArrayIndex.interval(0, time)).dup('c');
    }

    private static int[] lengths(TextSet set, WordPieces pieces) {
        List<LabelledText> examples = set.examples();
        int[] lengths = new int[examples.size()];
        for (int place = 0; place < lengths.length; place++) {
            LabelledText example = examples.get(place);
            String second = example.second();
            lengths[place] = pieces.of(example.first()).size()
                    + (second == null ? 0 : pieces.of(second).size());
        }
        return lengths;
    }
}
