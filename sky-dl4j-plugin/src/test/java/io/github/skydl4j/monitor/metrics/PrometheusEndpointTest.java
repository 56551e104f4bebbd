package io.github.skydl4j.monitor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.MonitoredRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PrometheusEndpointTest {
    private static String metrics;

    @BeforeAll
    static void train() throws Exception {
        try (Monitor monitor = Monitor.start();
                PrometheusEndpoint endpoint =
                        PrometheusEndpoint.open(monitor, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            MonitoredRun.train(monitor);
            URI address = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + "/metrics");
            metrics = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void countsStepsSamplesAndWhatEveryStageAndLinkDid() {
        assertThat(metrics)
                .contains("sky_step_time_seconds_count " + MonitoredRun.STEPS)
                .contains("sky_samples_total 480.0")
                .contains("sky_stage_busy_ratio{stage=\"3\",worker=\"slowest\"}")
                .contains("sky_stage_time_seconds_total{kind=\"link_wait\",stage=\"1\",worker=\"good\"}")
                .contains("sky_link_sent_bytes_total{carries=\"gradients\",link=\"2-3\"}")
                .contains("sky_events_total{kind=\"planned\"} 1.0");
        assertThat(value("sky_step_bound_seconds")).isPositive();
        assertThat(value("sky_loss")).isPositive();
    }

    @Test
    void hasTheMetersThatTheDocumentLists() throws Exception {
        String document = Files.readString(Path.of("..", "docs", "monitoring.md"));
        Set<String> exposed = metrics.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(exposed).isNotEmpty().allSatisfy(name -> assertThat(document).contains("`" + name + "`"));
    }

    private static double value(String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }
}
