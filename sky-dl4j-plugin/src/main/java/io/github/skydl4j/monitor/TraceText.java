package io.github.skydl4j.monitor;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * Lines of Chrome's trace format, one event each, put together by hand: a step has hundreds of them, and it is to cost
 * next to nothing. Times are microseconds with three decimals. Confined to one thread.
 */
final class TraceText {
    private static final int NANOS_OF_A_MICRO = 1000;
    private static final String PROCESS = "\"pid\":1,\"tid\":";

    private final StringBuilder text = new StringBuilder();
    private final long originNanos;

    /** Times count from {@code originNanos}. */
    TraceText(long originNanos) {
        this.originNanos = originNanos;
    }

    void trackName(int track, String name) {
        open("M", "thread_name", track).append(",\"args\":{\"name\":\"");
        escape(name);
        text.append("\"}},\n");
        open("M", "thread_sort_index", track)
                .append(",\"args\":{\"sort_index\":")
                .append(track)
                .append("}},\n");
    }

    void processName(String name) {
        open("M", "process_name", 0).append(",\"args\":{\"name\":\"");
        escape(name);
        text.append("\"}},\n");
    }

    /** A bar; {@code args} is the inside of a JSON object. */
    void slice(String category, String name, int track, long startNanos, long nanos, String args) {
        open("X", name, track).append(",\"cat\":\"").append(category).append("\",\"ts\":");
        micros(startNanos - originNanos);
        text.append(",\"dur\":");
        micros(nanos);
        text.append(",\"args\":{").append(args).append("}},\n");
    }

    /** An end of an arrow: its start, or, bound to the bar around it, its end. */
    void flow(boolean start, String name, int track, long nanos, long id) {
        open(start ? "s" : "f", name, track)
                .append(start ? "" : ",\"bp\":\"e\"")
                .append(",\"cat\":\"message\",\"id\":");
        text.append(id).append(",\"ts\":");
        micros(nanos - originNanos);
        text.append("},\n");
    }

    /** A value over time. */
    void counter(String name, long nanos, double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        open("C", name, TraceTracks.STEPS).append(",\"ts\":");
        micros(nanos - originNanos);
        text.append(",\"args\":{\"").append(name).append("\":").append(value).append("}},\n");
    }

    /** A moment of the whole run. */
    void instant(String name, long nanos, String what) {
        open("i", name, TraceTracks.STEPS).append(",\"s\":\"g\",\"cat\":\"run\",\"ts\":");
        micros(nanos - originNanos);
        text.append(",\"args\":{\"what\":\"");
        escape(what);
        text.append("\"}},\n");
    }

    /** What has been put together since the last call. */
    String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }

    private StringBuilder open(String phase, String name, int track) {
        return text.append("{\"ph\":\"")
                .append(phase)
                .append("\",\"name\":\"")
                .append(name)
                .append("\",")
                .append(PROCESS)
                .append(track);
    }

    private void escape(String value) {
        JsonStringEncoder.getInstance().quoteAsString(value, text);
    }

    private void micros(long nanos) {
        long whole = nanos / NANOS_OF_A_MICRO;
        int rest = (int) Math.abs(nanos % NANOS_OF_A_MICRO);
        text.append(nanos < 0 && whole == 0 ? "-" : "").append(whole).append('.');
        text.append((char) ('0' + rest / 100))
                .append((char) ('0' + rest / 10 % 10))
                .append((char) ('0' + rest % 10));
    }
}
