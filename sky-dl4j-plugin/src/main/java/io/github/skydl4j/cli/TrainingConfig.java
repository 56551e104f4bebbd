package io.github.skydl4j.cli;

import java.util.List;
import java.util.Locale;

/**
 * How the model is trained; the keys under {@code training}.
 *
 * @param batch examples a step
 * @param microBatches parts that a batch is cut into
 * @param recompute whether stages compute activations again instead of keeping them
 * @param weightDecay decoupled, times the learning rate; 0 for none
 * @param clip the longest gradient of a vertex, by its L2 norm; 0 for no limit
 * @param seed of the choice and the order of the examples
 */
record TrainingConfig(
        int epochs,
        int batch,
        int microBatches,
        boolean recompute,
        LearningRate learningRate,
        double weightDecay,
        double clip,
        UpdaterKind updater,
        long seed) {

    static TrainingConfig read(Section section) {
        int batch = section.integer("batch", 32, 1);
        int microBatches = section.integer("microBatches", Math.min(8, batch), 1);
        if (microBatches > batch) {
            throw section.error(
                    "microBatches", "found " + microBatches + ", expected at most training.batch, which is " + batch);
        }
        return new TrainingConfig(
                section.integer("epochs", 3, 1),
                batch,
                microBatches,
                section.flag("recompute", false),
                learningRate(section),
                section.number("weightDecay", 0, Limits.atLeast(0)),
                section.number("clip", 0, Limits.atLeast(0)),
                section.choice("updater", List.of(UpdaterKind.values()), UpdaterKind::label, UpdaterKind.ADAM),
                section.seed("seed", 0));
    }

    private static LearningRate learningRate(Section section) {
        return new LearningRate(
                section.number("learningRate", 1e-3, Limits.aboveZero()),
                section.integer("warmUpSteps", 0, 0),
                section.choice(
                        "decay",
                        List.of(LearningRate.Decay.values()),
                        decay -> decay.name().toLowerCase(Locale.ROOT),
                        LearningRate.Decay.NONE));
    }
}
