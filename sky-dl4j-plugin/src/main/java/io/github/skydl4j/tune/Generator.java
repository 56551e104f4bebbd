package io.github.skydl4j.tune;

import java.util.Locale;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.GeneticSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.UniformCrossover;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.parentselection.RandomTwoParentSelection;
import org.deeplearning4j.arbiter.optimize.generator.genetic.mutation.RandomMutationOperator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.population.PopulationModel;
import org.deeplearning4j.arbiter.optimize.generator.genetic.selection.GeneticSelectionOperator;

/** How simulated candidates are drawn. With the same seed all three draw the same ones. */
public enum Generator {
    /** Anywhere in the space. */
    RANDOM,
    /** Every combination of planner, micro-batches, schedule, depth, recomputation and wire type; workers and cuts as planned. */
    GRID,
    /** Children of the fastest found so far. */
    GENETIC;

    /** Arbiter has 0.005, which in so few generations is none. */
    private static final double MUTATION_RATE = 0.15;

    private static final int VALUES = 10;

    /** The name used in configurations and on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("rawtypes") // as Arbiter has it
    CandidateGenerator over(BasePlans bases, SearchSpace search, StepScore score, long seed) {
        AllocationSpace space = new AllocationSpace(bases, search, this != GRID);
        CandidateGenerator generator = switch (this) {
            case RANDOM -> new RandomSearchGenerator(space);
            case GRID ->
                new GridSearchCandidateGenerator(space, VALUES, GridSearchCandidateGenerator.Mode.Sequential, null);
            case GENETIC -> genetic(space, score, seed);
        };
        generator.setRngSeed(seed);
        return generator;
    }

    /**
     * Children have genes of both parents, always: where Arbiter passes on one parent's alone, it mutates them in the
     * parent too. All draws come from one generator, since those that Arbiter makes itself have no seed.
     */
    private static GeneticSearchCandidateGenerator genetic(AllocationSpace space, StepScore score, long seed) {
        RandomGenerator random = new JDKRandomGenerator();
        random.setSeed(seed);
        GeneticSelectionOperator selection = new GeneticSelectionOperator.Builder()
                .randomGenerator(random)
                .crossoverOperator(new UniformCrossover.Builder()
                        .crossoverRate(1)
                        .randomGenerator(random)
                        .parentSelection(new RandomTwoParentSelection(random))
                        .build())
                .mutationOperator(new RandomMutationOperator.Builder()
                        .mutationRate(MUTATION_RATE)
                        .randomGenerator(random)
                        .build())
                .build();
        return new GeneticSearchCandidateGenerator.Builder(space, score)
                .populationModel(new PopulationModel.Builder().build())
                .selectionOperator(selection)
                .build();
    }
}
