package io.github.skydl4j.samples;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.ui.SkyUi;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;
import org.deeplearning4j.arbiter.ui.listener.ArbiterStatusListener;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;

/**
 * Arbiter's page in DL4J's training UI, on this host only, with Sky's page beside it. Arbiter's module is found by being on
 * the class path: arbiter-ui and deeplearning4j-ui.
 */
final class ArbiterPage implements AutoCloseable {
    private final SkyUi ui;
    private final InMemoryStatsStorage storage = new InMemoryStatsStorage();

    private ArbiterPage(SkyUi ui) {
        this.ui = ui;
    }

    static ArbiterPage open(Monitor monitor) {
        ArbiterPage page = new ArbiterPage(SkyUi.show(monitor, SkyUi.loopback(SkyUi.DEFAULT_PORT)));
        VertxUIServer.getInstance().attach(page.storage);
        return page;
    }

    /** Tells the page what the search does. */
    StatusListener listener() {
        return new ArbiterStatusListener(storage);
    }

    String address() {
        return ui.pageAddress().replace("/sky", "/arbiter");
    }

    @Override
    public void close() {
        ui.close();
    }
}
