package io.github.skydl4j.tune;

import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.TaskCreator;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.jspecify.annotations.Nullable;

/** Arbiter's runner, one candidate at a time, without the second that it waits before its first. */
final class EagerRunner extends LocalOptimizationRunner {

    EagerRunner(OptimizationConfiguration configuration, TaskCreator tasks) {
        super(configuration, tasks);
        completedFutures = new Finished();
    }

    private final class Finished extends LinkedBlockingQueue<Future<OptimizationResult>> {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Future<OptimizationResult> poll(long timeout, TimeUnit unit) throws InterruptedException {
            return numCandidatesQueued() == 0 ? poll() : super.poll(timeout, unit);
        }
    }
}
