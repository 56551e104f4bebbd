package io.github.skydl4j.monitor.ui;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageEvent;
import org.deeplearning4j.ui.api.HttpMethod;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.api.UIModule;
import org.deeplearning4j.ui.i18n.I18NResource;

/**
 * The page at {@code /sky}, found by DL4J's UI through ServiceLoader, and its data at {@code /sky/data}. All of it comes
 * from here: the browser is told to ask no other host.
 */
public final class SkyModule implements UIModule {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @Override
    public List<Route> getRoutes() {
        return List.of(
                file("/sky", "page.html", "text/html"),
                file("/sky/page.css", "page.css", "text/css"),
                file("/sky/charts.js", "charts.js", "text/javascript"),
                file("/sky/page.js", "page.js", "text/javascript"),
                get("/sky/data", "application/json", SkyModule::data));
    }

    private static String data() {
        return ShownRun.current().map(monitor -> ViewJson.of(monitor.view())).orElse(ViewJson.NO_RUN);
    }

    private static Route file(String path, String resource, String type) {
        String content = read(resource);
        return get(path, type, () -> content);
    }

    private static Route get(String path, String type, Supplier<String> content) {
        return new Route(path, HttpMethod.GET, (unused, request) -> answer(request, type, content.get()));
    }

    private static void answer(RoutingContext request, String type, String content) {
        HttpServerResponse response = request.response();
        response.putHeader("content-type", type + "; charset=utf-8");
        response.putHeader("cache-control", "no-store");
        response.putHeader("content-security-policy", POLICY);
        response.putHeader("x-content-type-options", "nosniff");
        response.putHeader("referrer-policy", "no-referrer");
        response.end(content);
    }

    private static String read(String resource) {
        try (InputStream in = SkyModule.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar of Sky-DL4J lacks " + resource + " of its page");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> getCallbackTypeIDs() {
        return List.of();
    }

    @Override
    public void reportStorageEvents(Collection<StatsStorageEvent> events) {
        // What DL4J's listeners store is for its own pages.
    }

    @Override
    public void onAttach(StatsStorage statsStorage) {
        // Likewise.
    }

    @Override
    public void onDetach(StatsStorage statsStorage) {
        // Likewise.
    }

    @Override
    public List<I18NResource> getInternationalizationResources() {
        return List.of();
    }
}
