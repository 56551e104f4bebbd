package io.github.skydl4j.cli;

import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.tune.Generator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code sky tune} is to do beside what the configuration file says. */
final class TuneOrder {
    @Option(
            names = "--budget",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "Time for all of it: 90s, 10m, 2h (default ${DEFAULT-VALUE}).")
    private String budget = "10m";

    @Option(
            names = "--generator",
            paramLabel = "NAME",
            defaultValue = "genetic",
            description = "How candidates are drawn: random, grid, genetic (default ${DEFAULT-VALUE}).")
    private String generator = "genetic";

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many run at most (default ${DEFAULT-VALUE}).")
    private int candidates = 50;

    @Option(
            names = "--wire-types",
            paramLabel = "TYPE,...",
            split = ",",
            description = {
                "How numbers may travel between workers: exact, bfloat16, float16.",
                "Without it as the configuration says, since it changes what is learned."
            })
    private List<String> wireTypes = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Same seed, same candidates (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "TUNED.yaml",
            description = "Where the configuration goes; TUNED.yaml.journal beside it keeps what has run.")
    private @Nullable Path out;

    Path out() {
        return Objects.requireNonNull(out, "picocli calls a command only with its required options");
    }

    Path journal() {
        return out().resolveSibling(out().getFileName() + ".journal");
    }

    long seed() {
        return seed;
    }

    int candidates() {
        if (candidates < 1) {
            throw new ConfigException("--candidates: found " + candidates + ", expected at least 1");
        }
        return candidates;
    }

    /** Empty where the configuration decides. */
    List<WireType> wireTypes() {
        return wireTypes.stream().map(TuneOrder::wireType).distinct().toList();
    }

    private static WireType wireType(String name) {
        List<WireType> all = List.of(WireType.values());
        return all.stream()
                .filter(type -> type.label().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new ConfigException("--wire-types: found " + name + ", expected some of "
                        + String.join(", ", all.stream().map(WireType::label).toList())));
    }

    Duration budget() {
        try {
            double nanos = Quantity.BUDGET.parse(budget);
            if (nanos > 0) {
                return Duration.ofNanos((long) nanos);
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--budget: found " + budget + ", expected " + Quantity.BUDGET.description(), e);
        }
        throw new ConfigException("--budget: found " + budget + ", expected more");
    }

    Generator generator() {
        List<Generator> all = List.of(Generator.values());
        return all.stream()
                .filter(choice -> choice.label().equals(generator.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new ConfigException("--generator: found " + generator + ", expected one of "
                        + String.join(
                                ", ",
                                Arrays.stream(Generator.values())
                                        .map(Generator::label)
                                        .toList())));
    }
}
