package io.github.skydl4j.text;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The batches of a {@link BertBatches} with words masked, for pre-training. Confined to one thread.
 *
 * <p>The features are those of {@link BertBatches}. The labels are the ids as they were, int32 {@code [batch, time]}, and
 * the label mask, float32 {@code [batch, time]}, is 0 where nothing is asked, else the same weight for every word asked for
 * in the batch, such that the score is the mean over them. Which words those are depends on the seed, the number of the
 * pass and the place of the batch in it; in batches without a shuffle it is the same in every pass.
 */
@SuppressWarnings("serial") // MultiDataSetIterator is Serializable by name; a vocabulary is not worth sending.
public final class MaskedBatches implements MultiDataSetIterator {
    private static final long PASS_FACTOR = 1_000_003L;

    private final BertBatches batches;
    private final Masking masking;
    private final long seed;
    private @Nullable MultiDataSetPreProcessor preProcessor;
    private int pass;
    private int batch;

    public MaskedBatches(BertBatches batches, Masking masking, long seed) {
        this.batches = batches;
        this.masking = masking;
        this.seed = seed;
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public MultiDataSet next() {
        return masked(batches.next());
    }

    @Override
    public MultiDataSet next(int examples) {
        return masked(batches.next(examples));
    }

    @Override
    public void reset() {
        if (batch > 0) {
            pass += batches.isShuffled() ? 1 : 0;
            batch = 0;
        }
        batches.reset();
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public void setPreProcessor(MultiDataSetPreProcessor newPreProcessor) {
        preProcessor = newPreProcessor;
    }

    @Override
    public @Nullable MultiDataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    private MultiDataSet masked(MultiDataSet plain) {
        INDArray words = plain.getFeatures(0);
        long[] shape = words.shape();
        int[] ids = words.dup('c').data().asInt();
        Random random = new Random((seed * PASS_FACTOR + pass) * PASS_FACTOR + batch++);
        float[] weights = weights(masking.apply(ids, random), shape[0]);
        plain.setFeatures(0, Nd4j.createFromArray(ids).reshape(shape));
        plain.setLabels(new INDArray[] {words});
        plain.setLabelsMaskArray(new INDArray[] {Nd4j.createFromArray(weights).reshape(shape)});
        if (preProcessor != null) {
            preProcessor.preProcess(plain);
        }
        return plain;
    }

    private static float[] weights(boolean[] asked, long examples) {
        int count = 0;
        for (boolean one : asked) {
            count += one ? 1 : 0;
        }
        float[] weights = new float[asked.length];
        for (int place = 0; place < weights.length; place++) {
            weights[place] = asked[place] ? (float) examples / count : 0;
        }
        return weights;
    }
}
