package io.github.skydl4j.plan;

import java.util.Arrays;

/** An emulated link in {@link EmulatedStep}: what is under way on it, in both directions. Confined to one thread. */
final class PlayedLink {
    private final double occupiedNanos;
    private final double delayNanos;
    private final double[] activations;
    private final double[] gradients;
    private double downFree;
    private double upFree;

    PlayedLink(Link link, long bytes, long handOverNanos, int microBatches) {
        this.occupiedNanos = link.wire().bytes(bytes) / link.bytesPerSecond() * 1e9;
        this.delayNanos = (double) link.latencyNanos() + handOverNanos;
        this.activations = unknown(microBatches);
        this.gradients = unknown(microBatches);
    }

    /** When the activations of a micro-batch arrive; infinite before they are sent. */
    double activations(int microBatch) {
        return activations[microBatch];
    }

    double gradients(int microBatch) {
        return gradients[microBatch];
    }

    void sendActivations(int microBatch, double now) {
        downFree = Math.max(downFree, now) + occupiedNanos;
        activations[microBatch] = downFree + delayNanos;
    }

    void sendGradients(int microBatch, double now) {
        upFree = Math.max(upFree, now) + occupiedNanos;
        gradients[microBatch] = upFree + delayNanos;
    }

    private static double[] unknown(int microBatches) {
        double[] times = new double[microBatches];
        Arrays.fill(times, Double.POSITIVE_INFINITY);
        return times;
    }
}
