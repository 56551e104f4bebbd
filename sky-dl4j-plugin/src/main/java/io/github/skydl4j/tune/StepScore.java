package io.github.skydl4j.tune;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.jspecify.annotations.Nullable;

/**
 * Scores a candidate by its step in nanoseconds: less is better. Serializable in name only, since Arbiter's interface is;
 * nothing here is ever written.
 */
abstract class StepScore implements ScoreFunction {
    private static final long serialVersionUID = 1L;

    /** A step of the candidate; throws where it cannot be had. */
    abstract long stepNanos(TrialPlan plan);

    @Override
    @SuppressWarnings("deprecation") // as Arbiter's runner has it
    public final double score(Object model, @Nullable DataProvider data, @Nullable Map<String, Object> dataParameters) {
        return stepNanos((TrialPlan) model);
    }

    @Override
    public final double score(
            Object model, @Nullable Class<? extends DataSource> data, @Nullable Properties dataProperties) {
        return stepNanos((TrialPlan) model);
    }

    @Override
    public final boolean minimize() {
        return true;
    }

    @Override
    public final List<Class<?>> getSupportedModelTypes() {
        return List.of(TrialPlan.class);
    }

    @Override
    public final List<Class<?>> getSupportedDataTypes() {
        return List.of();
    }
}
