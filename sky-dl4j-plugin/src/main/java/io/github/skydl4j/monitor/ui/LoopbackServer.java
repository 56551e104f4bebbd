package io.github.skydl4j.monitor.ui;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import org.deeplearning4j.ui.VertxUIServer;

/**
 * DL4J's UI server on an address of our choice. The stock one listens on all addresses of the host, with no way to say
 * otherwise; so it is given a Vert.x whose HTTP servers listen where they are told here.
 */
final class LoopbackServer extends VertxUIServer {
    private final InetSocketAddress address;

    LoopbackServer(InetSocketAddress address) {
        this.address = address;
    }

    @Override
    public void init(Vertx vertx, Context context) {
        super.init(
                proxy(Vertx.class, (unused, method, arguments) -> {
                    Object result = call(vertx, method, arguments);
                    return result instanceof HttpServer server ? listeningHere(server) : result;
                }),
                context);
    }

    @Override
    public String getAddress() {
        return "http://" + host() + ":" + getPort();
    }

    /** As it stands in a URL: an IPv6 address goes in brackets. */
    private String host() {
        String host = address.getAddress().getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private HttpServer listeningHere(HttpServer server) {
        return proxy(HttpServer.class, (self, method, arguments) -> {
            if (method.getName().equals("listen") && arguments[arguments.length - 1] instanceof Handler<?> handler) {
                @SuppressWarnings("unchecked")
                Handler<AsyncResult<HttpServer>> started = (Handler<AsyncResult<HttpServer>>) handler;
                return server.listen(address.getPort(), address.getAddress().getHostAddress(), started);
            }
            Object result = call(server, method, arguments);
            return result == server ? self : result;
        });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(LoopbackServer.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
