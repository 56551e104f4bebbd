package io.github.skydl4j.monitor;

import java.util.List;

/**
 * Some steps in a row, averaged.
 *
 * @param firstStep the first of them
 * @param steps how many
 * @param busy share of the steps that each stage worked
 * @param inputWait share that it waited for input
 * @param linkWait share that it waited for a link
 */
public record HistoryPoint(
        long firstStep,
        long steps,
        double loss,
        double stepMillis,
        double samplesPerSecond,
        List<Double> busy,
        List<Double> inputWait,
        List<Double> linkWait) {
    /** Copies the lists. */
    public HistoryPoint {
        busy = List.copyOf(busy);
        inputWait = List.copyOf(inputWait);
        linkWait = List.copyOf(linkWait);
    }
}
