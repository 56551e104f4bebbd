package io.github.skydl4j.monitor.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.skydl4j.monitor.Monitor;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Answers Prometheus at {@code /metrics} with a run's figures. Thread-safe. */
public final class PrometheusEndpoint implements AutoCloseable {
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final int NOT_ALLOWED = 405;
    private static final int BACKLOG = 8;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpServer server;

    private PrometheusEndpoint(InetSocketAddress address) throws IOException {
        server = HttpServer.create(address, BACKLOG);
        server.createContext("/metrics", this::answer);
    }

    /**
     * Measures the run from now on and listens.
     *
     * @throws IOException if nothing can listen there
     */
    public static PrometheusEndpoint open(Monitor monitor, InetSocketAddress address) throws IOException {
        PrometheusEndpoint endpoint = new PrometheusEndpoint(address);
        monitor.addListener(new PipelineMetrics(endpoint.registry, monitor));
        endpoint.server.start();
        return endpoint;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        registry.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(NOT_ALLOWED, -1);
                return;
            }
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", TEXT_FORMAT);
            exchange.sendResponseHeaders(OK, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}
