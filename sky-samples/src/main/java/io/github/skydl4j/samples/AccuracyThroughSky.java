package io.github.skydl4j.samples;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.Worker;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.tune.CandidateScore;
import java.time.Duration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Trains a candidate on all workers, and scores it by its accuracy on flowers that it has not seen. */
final class AccuracyThroughSky extends CandidateScore<BatchedGraph> {
    private static final long serialVersionUID = 1L;

    private final transient Monitor monitor;

    /** For Arbiter's page, which reads its configuration back from JSON. */
    AccuracyThroughSky() {
        this(Monitor.start());
    }

    AccuracyThroughSky(Monitor monitor) {
        super(BatchedGraph.class, false);
        this.monitor = monitor;
    }

    @Override
    protected double scoreOf(BatchedGraph candidate) {
        ComputationGraph network = new ComputationGraph(candidate.graph().getConfiguration());
        network.init();
        try (SkyTrainer trainer = SkyTrainer.builder(network)
                .workers(Worker.named("fast"), Worker.named("slow").withSlowdown(1))
                .microBatches(4)
                .profiling(Duration.ofMillis(100))
                .monitor(monitor)
                .build()) {
            trainer.fit(Flowers.drawn(1200, candidate.batch(), 1), candidate.epochs());
            return trainer.evaluate(Flowers.drawn(600, 100, 2)).accuracy();
        }
    }
}
