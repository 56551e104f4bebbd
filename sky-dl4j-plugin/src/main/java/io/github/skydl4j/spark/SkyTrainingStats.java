package io.github.skydl4j.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.stats.BaseEventStats;
import org.deeplearning4j.spark.stats.EventStats;
import org.deeplearning4j.spark.stats.StatsUtils;
import org.jspecify.annotations.Nullable;

/**
 * How long the phases of {@code fit} took, and how long each stage was at work, in milliseconds by the driver's own clock
 * (DL4J's stock masters ask an NTP server for the time; this one asks nobody). Keys are sorted by first use: {@value #FIT},
 * {@value #EXPORT}, {@value #DATA}, {@value #STEP}, and {@code SkyStageNBusyMs} for the stages. Not thread-safe.
 */
public final class SkyTrainingStats implements SparkTrainingStats {
    /** A whole call of {@code fit}. */
    public static final String FIT = "SkyFitMs";

    /** Writing an RDD to files, with {@code RDDTrainingApproach.Export}. */
    public static final String EXPORT = "SkyExportMs";

    /** Waiting for a batch. */
    public static final String DATA = "SkyDataWaitMs";

    /** A step: all micro-batches through all stages, and the update. */
    public static final String STEP = "SkyStepMs";

    private static final long serialVersionUID = 1L;
    private static final String DELIMITER = ",";

    private final LinkedHashMap<String, ArrayList<EventStats>> events = new LinkedHashMap<>();

    /** Notes an event that ends now. */
    void add(String key, long nanos) {
        long millis = nanos / 1_000_000;
        events.computeIfAbsent(key, name -> new ArrayList<>())
                .add(new BaseEventStats(System.currentTimeMillis() - millis, millis));
    }

    /** The key of a stage's time at work within a step. */
    static String stageKey(int stage) {
        return "SkyStage" + stage + "BusyMs";
    }

    @Override
    public Set<String> getKeySet() {
        return Set.copyOf(events.keySet());
    }

    @Override
    public List<EventStats> getValue(String key) {
        List<EventStats> found = events.get(key);
        if (found == null) {
            throw new IllegalArgumentException("no statistics named \"" + key + "\", there are " + events.keySet());
        }
        return List.copyOf(found);
    }

    @Override
    public String getShortNameForKey(String key) {
        return key.substring("Sky".length(), key.length() - "Ms".length());
    }

    @Override
    public boolean defaultIncludeInPlots(String key) {
        return !key.equals(FIT);
    }

    @Override
    public void addOtherTrainingStats(SparkTrainingStats other) {
        if (!(other instanceof SkyTrainingStats stats)) {
            throw new IllegalArgumentException("cannot add " + other.getClass().getName() + " to SkyTrainingStats");
        }
        stats.events.forEach((key, added) ->
                events.computeIfAbsent(key, name -> new ArrayList<>()).addAll(added));
    }

    @Override
    public @Nullable SparkTrainingStats getNestedTrainingStats() {
        return null;
    }

    @Override
    public String statsAsString() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, ArrayList<EventStats>> entry : events.entrySet()) {
            text.append(String.format(DEFAULT_PRINT_FORMAT, entry.getKey()))
                    .append(StatsUtils.getDurationAsString(List.copyOf(entry.getValue()), DELIMITER))
                    .append('\n');
        }
        return text.toString();
    }

    @Override
    public void exportStatFiles(String outputPath, SparkContext sc) throws IOException {
        for (Map.Entry<String, ArrayList<EventStats>> entry : events.entrySet()) {
            StatsUtils.exportStats(List.copyOf(entry.getValue()), outputPath, entry.getKey() + ".txt", DELIMITER, sc);
        }
    }
}
