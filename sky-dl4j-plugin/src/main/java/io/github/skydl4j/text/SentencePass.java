package io.github.skydl4j.text;

import java.util.List;
import java.util.NoSuchElementException;
import org.deeplearning4j.iterator.LabeledPairSentenceProvider;
import org.deeplearning4j.iterator.LabeledSentenceProvider;
import org.nd4j.common.primitives.Pair;
import org.nd4j.common.primitives.Triple;

/**
 * Passes over a set, one after the other, as DL4J's {@code BertIterator} reads them. Confined to one thread.
 *
 * <p>{@link #reset} begins the next pass, in its own order; before anything was read it does nothing, so that resetting
 * twice is resetting once.
 */
final class SentencePass implements LabeledSentenceProvider, LabeledPairSentenceProvider {
    private final TextSet set;
    private final BatchOrder batchOrder;
    private List<Integer> order;
    private int pass;
    private int next;

    SentencePass(TextSet set, BatchOrder batchOrder) {
        this.set = set;
        this.batchOrder = batchOrder;
        this.order = batchOrder.ofPass(0);
    }

    @Override
    public boolean hasNext() {
        return next < order.size();
    }

    @Override
    public Pair<String, String> nextSentence() {
        LabelledText example = example();
        return new Pair<>(example.first(), label(example));
    }

    @Override
    public Triple<String, String, String> nextSentencePair() {
        LabelledText example = example();
        return new Triple<>(example.first(), example.second(), label(example));
    }

    @Override
    public void reset() {
        if (next > 0) {
            pass++;
            order = batchOrder.ofPass(pass);
            next = 0;
        }
    }

    @Override
    public int totalNumSentences() {
        return order.size();
    }

    @Override
    public List<String> allLabels() {
        return set.labels();
    }

    @Override
    public int numLabelClasses() {
        return set.labels().size();
    }

    private LabelledText example() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + order.size() + " examples of this pass are read: reset first");
        }
        return set.examples().get(order.get(next++));
    }

    private String label(LabelledText example) {
        return set.labels().get(example.label());
    }
}
