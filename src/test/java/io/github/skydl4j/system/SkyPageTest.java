package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page at /sky while the quickstart runs, as a browser sees it. */
class SkyPageTest {
    private static final long LIMIT_SECONDS = 120;
    private static final int MICRO_BATCHES = 16;
    private static final int STEPS_TO_SHOW = 25;
    /** Looked at by people: target/screenshots. */
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private static final String BARS = "return document.querySelectorAll('#gantt .bar.%s').length";
    private static final String STAGES = "return document.querySelectorAll('#plan tbody tr').length";
    private static final String BUSY =
            "return [...document.querySelectorAll('#now .busy')].filter(bar => bar.dataset.share > 0).length";
    private static final String STEP =
            "return Number(document.getElementById('progress-note').textContent.match(/[0-9]+/))";
    private static final String WIDER_THAN_ITS_WINDOW =
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth";

    @TempDir
    private Path temp;

    @Test
    void showsTheQuickstartAtWorkWithoutAComplaintAndWithoutAskingAnotherHost() throws Exception {
        Browser.missing().ifPresent(what -> Assumptions.abort("the page is not tested: " + what));
        Files.createDirectories(SCREENSHOTS);
        String quickstart =
                Launcher.REPOSITORY.resolve("config-templates/quickstart.yaml").toString();
        try (LiveRun run =
                        LiveRun.start(temp, "train", quickstart, "--set", "training.epochs=60", "--ui-address", "0");
                Browser browser = Browser.start(temp.resolve("profile"))) {
            String page = run.line("Watch");
            assertThat(page).matches("http://127\\.0\\.0\\.1:[0-9]+/sky");
            browser.look(false, 1280, 1900, false);
            browser.open(page);

            until(
                    "every stage shows a busy share",
                    () -> stages(browser) > 1 && count(browser, BUSY) == stages(browser));
            until("some steps are done", () -> count(browser, STEP) >= STEPS_TO_SHOW);
            assertGanttIsComplete(browser);
            assertThat(browser.ask("return document.getElementById('state').textContent", String.class))
                    .isEqualTo("running");
            browser.screenshot(SCREENSHOTS.resolve("sky-light.png"));
            assertShowsPlanOnRequest(browser);
            browser.look(true, 1280, 1900, false);
            until("the page is dark", () -> background(browser).equals("rgb(17, 21, 27)"));
            browser.screenshot(SCREENSHOTS.resolve("sky-dark.png"));
            browser.look(false, 390, 844, true);
            until("the page is light", () -> !background(browser).equals("rgb(17, 21, 27)"));
            assertThat(browser.ask(WIDER_THAN_ITS_WINDOW, Boolean.class)).isFalse();
            browser.look(false, 390, 3000, true);
            until(
                    "the charts fit",
                    () -> count(browser, "return document.querySelector('#gantt svg').clientWidth") < 390);
            browser.screenshot(SCREENSHOTS.resolve("sky-phone.png"));

            assertKeyboardReachesEverything(browser);
            assertThat(browser.complaints()).isEmpty();
            String origin = page.substring(0, page.length() - "/sky".length());
            assertThat(browser.requests())
                    .hasSizeGreaterThan(4)
                    .contains(origin + "/sky/data")
                    .allMatch(request -> request.startsWith(origin + "/") || request.startsWith("data:"));
        }
        assertThat(SCREENSHOTS.toFile().list()).contains("sky-light.png", "sky-dark.png", "sky-phone.png");
    }

    /** A forward and a backward for every micro-batch and stage, and an update for every stage. */
    private static void assertGanttIsComplete(Browser browser) {
        long stages = stages(browser);
        assertThat(count(browser, BARS.formatted("F"))).isEqualTo(stages * MICRO_BATCHES);
        assertThat(count(browser, BARS.formatted("B"))).isEqualTo(stages * MICRO_BATCHES);
        assertThat(count(browser, BARS.formatted("U"))).isEqualTo(stages);
    }

    private static void assertShowsPlanOnRequest(Browser browser) {
        assertThat(count(browser, "return document.querySelectorAll('#gantt .plan').length"))
                .isZero();
        browser.ask("document.getElementById('show-plan').click(); return true", Boolean.class);
        assertThat(count(browser, "return document.querySelectorAll('#gantt .plan').length"))
                .isEqualTo(stages(browser) * 2 * MICRO_BATCHES);
    }

    /** Links, buttons, switches, folded tables and whatever scrolls can be reached by the tabulator. */
    private static void assertKeyboardReachesEverything(Browser browser) {
        assertThat(browser.ask(
                        "return [...document.querySelectorAll('a, button, input, summary, .scroll')]"
                                + ".filter(part => part.tabIndex < 0).length",
                        Long.class))
                .isZero();
    }

    private static long stages(Browser browser) {
        return count(browser, STAGES);
    }

    private static long count(Browser browser, String script) {
        return browser.ask(script, Long.class);
    }

    private static String background(Browser browser) {
        return browser.ask("return getComputedStyle(document.body).backgroundColor", String.class);
    }

    private static void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(LIMIT_SECONDS, TimeUnit.SECONDS).until(condition);
    }
}
