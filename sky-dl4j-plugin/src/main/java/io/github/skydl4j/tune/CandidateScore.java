package io.github.skydl4j.tune;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.jspecify.annotations.Nullable;

/**
 * Scores a candidate by its value, which it may train to do so; with {@link CandidateTaskCreator}. Serializable in name
 * only, since Arbiter's interface is; nothing here is ever written.
 *
 * @param <T> what candidates are
 */
public abstract class CandidateScore<T> implements ScoreFunction {
    private static final long serialVersionUID = 1L;

    private final transient Class<T> type;
    private final transient boolean minimize;

    /** Scores candidates of a type; either less or more is better. */
    protected CandidateScore(Class<T> type, boolean minimize) {
        this.type = type;
        this.minimize = minimize;
    }

    /** The score of a candidate; throws where it cannot be had, and the search goes on. */
    protected abstract double scoreOf(T candidate);

    @Override
    @SuppressWarnings("deprecation") // as Arbiter's runner has it
    public final double score(Object model, @Nullable DataProvider data, @Nullable Map<String, Object> dataParameters) {
        return scoreOf(type.cast(model));
    }

    @Override
    public final double score(
            Object model, @Nullable Class<? extends DataSource> data, @Nullable Properties dataProperties) {
        return scoreOf(type.cast(model));
    }

    @Override
    public final boolean minimize() {
        return minimize;
    }

    @Override
    public final List<Class<?>> getSupportedModelTypes() {
        return List.of(type);
    }

    @Override
    public final List<Class<?>> getSupportedDataTypes() {
        return List.of();
    }
}
