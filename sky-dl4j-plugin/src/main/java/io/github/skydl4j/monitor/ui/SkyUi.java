package io.github.skydl4j.monitor.ui;

import io.github.skydl4j.monitor.Monitor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;

/**
 * DL4J's training UI with the page at {@code /sky}, on an address that is given. Where a UI is running in this JVM
 * already, it is used as it is.
 */
public final class SkyUi implements AutoCloseable {
    /** Port of DL4J's UI. */
    public static final int DEFAULT_PORT = 9000;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final UIServer server;
    private final Runnable stop;

    private SkyUi(UIServer server, Runnable stop) {
        this.server = server;
        this.stop = stop;
    }

    /** The port on this host only, for nobody else; port 0 for any that is free. */
    public static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * Shows the run.
     *
     * @param address where to listen; what it reaches, everybody there can see
     * @throws IllegalStateException if nothing can listen there
     */
    public static SkyUi show(Monitor monitor, InetSocketAddress address) {
        ShownRun.show(monitor);
        VertxUIServer running = VertxUIServer.getInstance();
        if (running != null && !running.isStopped()) {
            return new SkyUi(running, () -> {});
        }
        Vertx vertx = Vertx.vertx();
        LoopbackServer server = new LoopbackServer(address);
        try {
            CompletableFuture<String> started = new CompletableFuture<>();
            vertx.deployVerticle(server, completing(started));
            await("start", started);
        } catch (IllegalStateException e) {
            // DL4J takes a server for the running one from the moment it is made.
            server.stop(Promise.promise());
            close(vertx);
            throw new IllegalStateException(
                    "the training UI cannot listen on " + address + ": is the port in use? Name another one", e);
        }
        return new SkyUi(server, () -> close(vertx));
    }

    /** Where the page is. */
    public String pageAddress() {
        return server.getAddress() + "/sky";
    }

    /** Ends the UI, unless it ran before. */
    @Override
    public void close() {
        stop.run();
    }

    private static void close(Vertx vertx) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        vertx.close(completing(stopped));
        await("stop", stopped);
    }

    private static <T> Handler<AsyncResult<T>> completing(CompletableFuture<T> future) {
        return result -> {
            if (result.succeeded()) {
                future.complete(result.result());
            } else {
                future.completeExceptionally(result.cause());
            }
        };
    }

    private static void await(String what, CompletableFuture<?> done) {
        try {
            done.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the training UI did not " + what, e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "waited " + LIMIT.toSeconds() + " s for the training UI to " + what + ": is the host overloaded?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the training UI was to " + what, e);
        }
    }
}
