package io.github.skydl4j.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with a unit, as people write it: {@code 4 GiB}, {@code 1 Gbit/s}, {@code 0.2 ms}. The case of the letters does
 * not count; "b" is a byte.
 *
 * @param description what is expected, with examples
 * @param units their values by name
 */
record Quantity(String description, Map<String, Double> units) {
    /** In bytes. */
    static final Quantity SIZE = new Quantity("a size with its unit, such as \"4 GiB\" or \"500 MB\"", sizes(""));
    /** In bytes a second. */
    static final Quantity BANDWIDTH =
            new Quantity("a bandwidth with its unit, such as \"1 Gbit/s\" or \"100 MB/s\"", bandwidths());
    /** In nanoseconds. */
    static final Quantity TIME = new Quantity("a time with its unit, such as \"0.2 ms\" or \"5 s\"", times());
    /** In nanoseconds, for what takes longer. */
    static final Quantity BUDGET = new Quantity("a time with its unit, such as 90s, 10m or 2h", budgets());

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([a-zµ/]+)");

    Quantity {
        units = Map.copyOf(units);
    }

    /**
     * The value of {@code text} in bytes, bytes a second or nanoseconds.
     *
     * @throws IllegalArgumentException if it is none
     */
    double parse(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.strip().toLowerCase(Locale.ROOT));
        Double unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(text + " is not " + description);
        }
        return new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unit))
                .doubleValue();
    }

    private static Map<String, Double> sizes(String suffix) {
        Map<String, Double> units = new TreeMap<>();
        units.put("b" + suffix, 1.0);
        String prefixes = "kmgt";
        for (int power = 1; power <= prefixes.length(); power++) {
            char prefix = prefixes.charAt(power - 1);
            units.put(prefix + "b" + suffix, Math.pow(1000, power));
            units.put(prefix + "ib" + suffix, Math.pow(1024, power));
        }
        return units;
    }

    private static Map<String, Double> bandwidths() {
        Map<String, Double> units = new TreeMap<>(sizes("/s"));
        units.put("bit/s", 1 / 8.0);
        units.put("kbit/s", 1e3 / 8);
        units.put("mbit/s", 1e6 / 8);
        units.put("gbit/s", 1e9 / 8);
        return units;
    }

    private static Map<String, Double> times() {
        return Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "min", 60e9);
    }

    private static Map<String, Double> budgets() {
        Map<String, Double> units = new TreeMap<>(times());
        units.put("m", 60e9);
        units.put("h", 3600e9);
        return units;
    }
}
