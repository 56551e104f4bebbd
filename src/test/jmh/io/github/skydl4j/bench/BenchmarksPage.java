package io.github.skydl4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The page of results; each experiment has the lines between its two markers. */
final class BenchmarksPage {
    private final Path file;

    BenchmarksPage(Path file) {
        this.file = file;
    }

    /** Replaces what the experiment wrote before; without markers it goes to the end of the page. */
    void replace(String experiment, List<String> lines) throws IOException {
        List<String> page = Files.exists(file) ? Files.readAllLines(file) : List.of();
        Files.write(file, replaced(page, experiment, lines));
    }

    static List<String> replaced(List<String> page, String experiment, List<String> lines) {
        String start = "<!-- sky bench " + experiment + " -->";
        String end = "<!-- end of sky bench " + experiment + " -->";
        int from = page.indexOf(start);
        int to = page.indexOf(end);
        List<String> replaced = new ArrayList<>();
        if (from < 0 || to < from) {
            replaced.addAll(page);
            replaced.add("");
        } else {
            replaced.addAll(page.subList(0, from));
        }
        replaced.add(start);
        replaced.addAll(lines);
        replaced.add(end);
        if (from >= 0 && to >= from) {
            replaced.addAll(page.subList(to + 1, page.size()));
        }
        return replaced;
    }
}
