package io.github.skydl4j.plan;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The planners on offer, by name. */
public final class Planners {

    private static final List<Planner> ALL =
            List.of(new EvenPlanner(), new ProportionalPlanner(), new PaperPlanner(), new ExactPlanner());

    private Planners() {}

    /** All planners, the simplest first. */
    public static List<Planner> all() {
        return ALL;
    }

    /**
     * The planner of this name, whatever the case of its letters.
     *
     * @throws IllegalArgumentException with one line that names those allowed
     */
    public static Planner byName(String name) {
        String wanted = name.trim().toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(planner -> planner.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("planner: found \"" + name + "\", allowed are "
                        + ALL.stream().map(Planner::name).collect(Collectors.joining(", "))));
    }
}
