package io.github.skydl4j.plan;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The planners on offer. */
public final class Planners {

    private static final List<Planner> ALL =
            List.of(new EvenPlanner(), new ProportionalPlanner(), new PaperPlanner(), new ExactPlanner());

    private static final List<Planner> NAMED =
            Stream.concat(ALL.stream(), Stream.of(ExactPlanner.quick())).toList();

    private Planners() {}

    /** All planners that differ in what they aim at, the simplest first; {@link ExactPlanner} is the last. */
    public static List<Planner> all() {
        return ALL;
    }

    /** All planners that can be asked for by name: those, and {@link ExactPlanner#quick}. */
    public static List<Planner> named() {
        return NAMED;
    }

    /**
     * The planner of this name, whatever the case of its letters.
     *
     * @throws IllegalArgumentException with one line that names those allowed
     */
    public static Planner byName(String name) {
        String wanted = name.trim().toLowerCase(Locale.ROOT);
        return NAMED.stream()
                .filter(planner -> planner.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("planner: found \"" + name + "\", allowed are "
                        + NAMED.stream().map(Planner::name).collect(Collectors.joining(", "))));
    }
}
