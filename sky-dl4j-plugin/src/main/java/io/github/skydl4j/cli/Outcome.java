package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.bert.MaskedWordScore;
import java.util.List;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** How well the trained model does on the held-out examples. */
sealed interface Outcome {

    /** Says it to the user. */
    void tell(Narrator narrator);

    /** Adds its keys to the report. */
    void addTo(ObjectNode report);

    /** The labels found. */
    record Classified(Evaluation evaluation, List<String> labels, int sentences) implements Outcome {
        static Classified of(SkyTrainer trainer, MultiDataSetIterator batches, List<String> labels, int sentences) {
            return new Classified(trainer.evaluate(batches, new Evaluation(labels)), labels, sentences);
        }

        @Override
        public void tell(Narrator narrator) {
            narrator.accuracy(evaluation, labels, sentences);
        }

        @Override
        public void addTo(ObjectNode report) {
            report.put("accuracy", evaluation.accuracy()).put("f1", evaluation.f1());
        }
    }

    /** The masked words guessed. */
    record Guessed(MaskedWordScore score) implements Outcome {
        static Guessed of(SkyTrainer trainer, MultiDataSetIterator batches) {
            MaskedWordScore score = new MaskedWordScore();
            while (batches.hasNext()) {
                MultiDataSet batch = batches.next();
                INDArray probabilities = trainer.output(batch)[0];
                score.add(batch.getLabels(0), probabilities, batch.getLabelsMaskArray(0));
                probabilities.close();
            }
            return new Guessed(score);
        }

        @Override
        public void tell(Narrator narrator) {
            narrator.guesses(score);
        }

        @Override
        public void addTo(ObjectNode report) {
            report.put("maskedAccuracy", score.accuracy())
                    .put("perplexity", score.perplexity())
                    .put("maskedWords", score.asked());
        }
    }
}
