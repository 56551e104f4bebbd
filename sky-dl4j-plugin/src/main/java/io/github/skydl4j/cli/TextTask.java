package io.github.skydl4j.cli;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.text.BatchOptions;
import io.github.skydl4j.text.BertBatches;
import io.github.skydl4j.text.MaskedBatches;
import io.github.skydl4j.text.Masking;
import io.github.skydl4j.text.TextSet;
import io.github.skydl4j.text.Vocabulary;
import io.github.skydl4j.text.VocabularyBuilder;
import io.github.skydl4j.text.WordPieces;
import io.github.skydl4j.text.Words;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** What a configuration asks to learn: its sentences, read, and the network for them, new. */
record TextTask(RunConfig config, TextSet train, Optional<TextSet> dev, WordPieces pieces) {

    /** Reads the files. Throws {@link io.github.skydl4j.text.TextException} for one that is of no use. */
    static TextTask load(RunConfig config) {
        DataConfig data = config.data();
        TextSet train = data.train(config.training().seed());
        Optional<TextSet> dev = data.files().devFile().map(file -> data.dev(file, train.labels()));
        Words words = new Words(data.lowerCase());
        return new TextTask(config, train, dev, new WordPieces(vocabulary(config, train, words), words));
    }

    /** The network, new. */
    ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(graph());
        network.init();
        return network;
    }

    /** The shape of the network. */
    BertConfig bert() {
        return config.model().bert(pieces.vocabulary().size(), train.labels().size());
    }

    boolean masksWords() {
        return config.task() == TaskKind.MASKED_LM;
    }

    /** The description of the network, which holds no arrays yet. */
    ComputationGraphConfiguration graph() {
        TrainingConfig training = config.training();
        BertGraph.Builder graph = BertGraph.builder(bert())
                .head(config.task().head())
                .seed(config.model().seed())
                .updater(training.updater().with(training.learningRate().schedule(steps())))
                .weightDecay(training.weightDecay());
        if (training.clip() > 0) {
            graph.clip(config.task().clipping(), training.clip());
        }
        return graph.build();
    }

    /** Batches for training, in a new order every epoch. */
    MultiDataSetIterator batches() {
        return batches(
                train,
                BatchOptions.shuffled(
                                config.training().batch(),
                                config.model().maxLength(),
                                config.training().seed())
                        .withPadding(config.data().padding()));
    }

    /** Batches for evaluation, the same each time. */
    MultiDataSetIterator inOrder(TextSet set) {
        return batches(
                set,
                BatchOptions.inOrder(config.training().batch(), config.model().maxLength())
                        .withPadding(config.data().padding()));
    }

    private MultiDataSetIterator batches(TextSet set, BatchOptions options) {
        BertBatches plain = new BertBatches(set, pieces, options);
        return masksWords()
                ? new MaskedBatches(
                        plain,
                        new Masking(pieces.vocabulary(), Masking.USUAL_SHARE),
                        config.training().seed())
                : plain;
    }

    /** Into how many micro-batches the first batch is cut. */
    int microBatches() {
        return Math.min(config.training().microBatches(), firstBatch());
    }

    /** Examples in the first micro-batch. */
    int microBatchRows() {
        return (firstBatch() + microBatches() - 1) / microBatches();
    }

    private int firstBatch() {
        return Math.min(config.training().batch(), train.examples().size());
    }

    int stepsPerEpoch() {
        int batch = config.training().batch();
        return (train.examples().size() + batch - 1) / batch;
    }

    /** Steps of the whole run. */
    int steps() {
        return Math.multiplyExact(stepsPerEpoch(), config.training().epochs());
    }

    private static Vocabulary vocabulary(RunConfig config, TextSet train, Words words) {
        VocabularyConfig vocabulary = config.vocabulary();
        return vocabulary
                .file()
                .map(Vocabulary::read)
                .orElseGet(
                        () -> new VocabularyBuilder(words).add(train).build(vocabulary.size(), vocabulary.minCount()));
    }
}
