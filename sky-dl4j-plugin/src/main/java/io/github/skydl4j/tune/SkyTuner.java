package io.github.skydl4j.tune;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Finds the allocation with the shortest step on the workers as they are, by short runs on them. It starts from a
 * planner's plan, and what it returns is never slower than that beyond the noise of the runs.
 *
 * <pre>{@code
 * TuningResult result = SkyTuner.builder(network, workers, 8, iterator)
 *         .budget(Duration.ofMinutes(10))
 *         .build()
 *         .run();
 * SkyTrainer.builder(network).workers(workers).tuned(result.tuned()).build();
 * }</pre>
 *
 * <p>To measure on workers elsewhere, such as Spark's executors, give it a {@link Trial} that trains there; the
 * {@link TuningResult#tuned tuned plan} names workers, so it plans for them in any order. Needs Arbiter on the class path.
 */
public final class SkyTuner {
    private final PlanRequest request;
    private final Trial trial;
    private final TuningOptions options;
    private final TuningJournal journal;
    private final TuningListener listener;
    private final LongSupplier clock;

    private SkyTuner(Builder builder) {
        this.request = builder.request;
        this.trial = builder.trial;
        this.options = new TuningOptions(
                builder.planner,
                builder.recompute,
                builder.search,
                builder.generator,
                builder.candidates,
                builder.simulated,
                builder.patience,
                builder.repeats,
                builder.budget,
                builder.longestRun,
                builder.seed);
        this.journal = builder.journal;
        this.listener = builder.listener;
        this.clock = builder.clock;
    }

    /** Starts the description of a search with a {@code SkyTrainer} on a copy of the network, whose units are measured now. */
    public static Builder builder(
            ComputationGraph network, List<Worker> workers, int microBatches, MultiDataSetIterator data) {
        TrainerTrial trial = TrainerTrial.of(network, workers, microBatches, data);
        return builder(trial.request(ScheduleKind.ROUND_TRIP), trial);
    }

    /**
     * Starts the description of a search.
     *
     * @param request the units and what is believed of the workers
     * @param trial runs candidates
     */
    public static Builder builder(PlanRequest request, Trial trial) {
        return new Builder(request, trial);
    }

    /**
     * Searches; may be called again, and then searches again.
     *
     * @throws io.github.skydl4j.plan.InfeasiblePlanException if the planner has no plan to start from
     * @throws IllegalStateException if no candidate could run, not even the plan
     */
    public TuningResult run() {
        Deadline deadline = Deadline.in(options.budget(), clock);
        Revisions revisions = new Revisions(request);
        TrialBook book = new TrialBook(trial, journal, revisions, options.longestRun(), deadline);
        return new TwoStepSearch(revisions, options, book, deadline, listener).run();
    }

    /** Describes a search; every value has a default. */
    public static final class Builder {
        private final PlanRequest request;
        private final Trial trial;
        private Planner planner = new ExactPlanner();
        private boolean recompute;
        private SearchSpace search;
        private Generator generator = Generator.GENETIC;
        private int candidates = 50;
        private int simulated = 300;
        private int patience = 12;
        private int repeats = 2;
        private Duration budget = Duration.ofMinutes(10);
        private Duration longestRun = Duration.ofSeconds(5);
        private long seed;
        private TuningJournal journal = TuningJournal.none();
        private TuningListener listener = new TuningListener() {};
        private LongSupplier clock = System::nanoTime;

        private Builder(PlanRequest request, Trial trial) {
            this.request = request;
            this.trial = trial;
            this.search = SearchSpace.of(List.of(request.microBatches()));
        }

        /** Whose plan is the one to beat, and who plans again with what was measured; {@link ExactPlanner} by default. */
        public Builder planner(Planner newPlanner) {
            planner = newPlanner;
            return this;
        }

        /** Whether the stages of that plan compute activations again; no by default. */
        public Builder recompute(boolean value) {
            recompute = value;
            return this;
        }

        /** What may change; by default everything but the number of micro-batches and recomputation. */
        public Builder search(SearchSpace newSearch) {
            search = newSearch;
            return this;
        }

        /** How simulated candidates are drawn; genetic by default. */
        public Builder generator(Generator newGenerator) {
            generator = newGenerator;
            return this;
        }

        /** How many candidates run at most, the plan included; 50 by default. */
        public Builder candidates(int most) {
            candidates = most;
            return this;
        }

        /** How many candidates are simulated between runs, at most; 300 by default. */
        public Builder simulated(int most) {
            simulated = most;
            return this;
        }

        /** After how many runs in a row without a better one the search ends; 12 by default. */
        public Builder patience(int runs) {
            patience = runs;
            return this;
        }

        /** How often the best three, and the plan, run again at the end; twice by default. */
        public Builder repeats(int times) {
            repeats = times;
            return this;
        }

        /** Time for all of it, of which the last run may use a step more; 10 minutes by default. */
        public Builder budget(Duration time) {
            budget = time;
            return this;
        }

        /** Time for one run; 5 seconds by default. */
        public Builder longestRun(Duration time) {
            longestRun = time;
            return this;
        }

        /** Same seed, same candidates, as far as the runs measure the same. */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /** Where runs are written down, and looked up before they are done again; the caller closes it. */
        public Builder journal(TuningJournal newJournal) {
            journal = newJournal;
            return this;
        }

        /** Who follows the search. */
        public Builder listener(TuningListener newListener) {
            listener = newListener;
            return this;
        }

        /** Counts nanoseconds for the budget. */
        Builder clock(LongSupplier newClock) {
            clock = newClock;
            return this;
        }

        /**
         * Makes the tuner.
         *
         * @throws IllegalArgumentException for a value out of range, saying which and what is allowed
         */
        public SkyTuner build() {
            return new SkyTuner(this);
        }
    }
}
