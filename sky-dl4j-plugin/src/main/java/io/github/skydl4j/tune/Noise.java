package io.github.skydl4j.tune;

import java.util.Collection;
import java.util.List;

/** How much runs of one candidate differ. */
final class Noise {

    private Noise() {}

    /** Standard deviation of the step between runs of one candidate, as a share of it, pooled; 0 if none ran twice. */
    static double of(Collection<List<Measurement>> runs) {
        double squares = 0;
        int freedom = 0;
        for (List<Measurement> ofOne : runs) {
            double mean =
                    ofOne.stream().mapToLong(Measurement::stepNanos).average().orElse(1);
            for (Measurement run : ofOne) {
                double off = run.stepNanos() / mean - 1;
                squares += off * off;
            }
            freedom += ofOne.size() - 1;
        }
        return freedom <= 0 ? 0 : Math.sqrt(squares / freedom);
    }
}
