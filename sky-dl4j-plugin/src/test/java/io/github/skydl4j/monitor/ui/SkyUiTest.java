package io.github.skydl4j.monitor.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.MonitoredRun;
import io.github.skydl4j.monitor.RunGoal;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** DL4J's UI with the page, after a run that DL4J's own listener has followed too. */
class SkyUiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final InMemoryStatsStorage STORAGE = new InMemoryStatsStorage();

    private static Monitor monitor;
    private static SkyUi ui;

    @BeforeAll
    static void train() {
        monitor = Monitor.start();
        monitor.expect(new RunGoal(1, MonitoredRun.STEPS));
        ui = SkyUi.show(monitor, SkyUi.loopback(0));
        VertxUIServer.getInstance().attach(STORAGE);
        MonitoredRun.train(monitor, new StatsListener(STORAGE, 1));
        monitor.close();
    }

    @AfterAll
    static void stop() {
        ui.close();
    }

    @Test
    void answersWithTheRunAsJson() throws Exception {
        JsonNode data = JSON.readTree(get("/sky/data").body());

        assertThat(data.at("/run/state").textValue()).isEqualTo("finished");
        assertThat(data.at("/now/step").intValue()).isEqualTo(MonitoredRun.STEPS);
        assertThat(data.at("/plan/stages")).hasSize(MonitoredRun.STAGES);
        assertThat(data.at("/plan/links/0/bytesPerSecond").doubleValue()).isCloseTo(20e6, within(1.0));
        assertThat(data.get("stages")).hasSize(MonitoredRun.STAGES).allSatisfy(stage -> {
            assertThat(stage.get("busy").doubleValue()).isBetween(0.001, 1.0);
            assertThat(stage.get("inputWait").doubleValue()).isBetween(0.0, 1.0);
            assertThat(stage.get("linkWait").doubleValue()).isBetween(0.0, 1.0);
        });
        int works = 2 * MonitoredRun.MICRO_BATCHES + 1;
        assertThat(data.at("/gantt/bars")).hasSize(MonitoredRun.STAGES * works);
        assertThat(data.at("/gantt/transfers")).hasSize(2 * (MonitoredRun.STAGES - 1) * MonitoredRun.MICRO_BATCHES);
        assertThat(data.at("/gantt/plannedBars")).hasSize(MonitoredRun.STAGES * 2 * MonitoredRun.MICRO_BATCHES);
        assertThat(data.get("history")).hasSize(MonitoredRun.STEPS);
        assertThat(data.get("events").findValuesAsText("kind")).containsExactly("started", "planned", "finished");
    }

    @Test
    void servesThePageAndForbidsTheBrowserEveryOtherHost() throws Exception {
        HttpResponse<String> page = get("/sky");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'", "connect-src 'self'");
        for (String file : new String[] {"/sky/page.css", "/sky/page.js", "/sky/charts.js"}) {
            assertThat(get(file).statusCode()).isEqualTo(200);
        }
        assertThat(page.body()
                        + get("/sky/page.css").body()
                        + get("/sky/page.js").body())
                .doesNotContainPattern("(src|href)=\"(https?:)?//")
                .doesNotContain("@import", "url(");
    }

    @Test
    void leavesThePagesAndTheListenerOfDl4jAtWork() throws Exception {
        assertThat(get("/train/overview").statusCode()).isEqualTo(200);
        assertThat(STORAGE.listSessionIDs()).hasSize(1);
        Awaitility.await("DL4J's page has its scores")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> JSON.readTree(get("/train/overview/data").body())
                                .path("scores")
                                .size()
                        > 0);
    }

    @Test
    void listensOnTheLoopbackAddressAlone() throws Exception {
        int port = URI.create(ui.pageAddress()).getPort();
        assertThat(ui.pageAddress()).startsWith("http://127.0.0.1:");
        Optional<InetAddress> other = addressOfANetwork();
        Assumptions.assumeTrue(other.isPresent(), "this host has no address but the loopback one");
        assertThatThrownBy(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(other.get(), port), 2000);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void usesAUiThatIsRunningInThisJvm() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SkyUi second = SkyUi.show(monitor, SkyUi.loopback(taken.getLocalPort()));
            assertThat(second.pageAddress()).isEqualTo(ui.pageAddress());
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        URI address = URI.create(ui.pageAddress()).resolve(path);
        return CLIENT.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    private static Optional<InetAddress> addressOfANetwork() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }
}
