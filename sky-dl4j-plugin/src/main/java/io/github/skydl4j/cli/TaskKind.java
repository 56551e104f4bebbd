package io.github.skydl4j.cli;

import io.github.skydl4j.bert.BertHead;
import java.util.Locale;
import org.deeplearning4j.nn.conf.GradientNormalization;

/** What the model is to learn; the values of {@code task}. */
enum TaskKind {
    /** The label of a sentence or of a pair. */
    CLASSIFICATION(BertHead.SEQUENCE_CLASSIFICATION, GradientNormalization.ClipL2PerLayer),

    /** Masked words, as BERT is pre-trained; labels are not looked at. The shared word table is clipped as one parameter. */
    MASKED_LM(BertHead.MASKED_WORDS, GradientNormalization.ClipL2PerParamType);

    private final BertHead head;
    private final GradientNormalization clipping;

    TaskKind(BertHead head, GradientNormalization clipping) {
        this.head = head;
        this.clipping = clipping;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    BertHead head() {
        return head;
    }

    GradientNormalization clipping() {
        return clipping;
    }
}
