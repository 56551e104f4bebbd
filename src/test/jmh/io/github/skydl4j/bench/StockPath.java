package io.github.skydl4j.bench;

import io.reactivex.Flowable;
import io.reactivex.disposables.CompositeDisposable;
import io.reactivex.disposables.Disposable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.messages.impl.GradientsUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.transport.impl.AeronUdpTransport;

/** The parameter server's stock transport with its defaults: a root and a member, each with a media driver of its own. */
final class StockPath implements TensorPath {
    private static final String LOOPBACK = "127.0.0.1";
    private static final long LIMIT_SECONDS = 60;
    /** Iteration number of an update that is to be sent back. */
    private static final int ECHO = 1;

    private final AeronUdpTransport near;
    private final AeronUdpTransport far;
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private final CompositeDisposable arrivals = new CompositeDisposable();

    StockPath() {
        int farPort = freePort();
        far = new AeronUdpTransport(LOOPBACK, farPort, configuration());
        near = new AeronUdpTransport(LOOPBACK, freePort(), LOOPBACK, farPort, configuration());
        arrivals.add(arrivals(far, update -> {
            if (update.getIteration() == ECHO) {
                send(far, near, update.getPayload(), ECHO);
            } else {
                arrived.release();
            }
        }));
        arrivals.add(arrivals(near, update -> back.release()));
        far.launchAsMaster();
        near.launch();
    }

    @Override
    public void stream(INDArray array, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            send(near, far, array, 0);
        }
        await(arrived, times);
    }

    @Override
    public void roundTrip(INDArray array) throws InterruptedException {
        send(near, far, array, ECHO);
        await(back, 1);
    }

    @Override
    public void close() {
        arrivals.dispose();
        near.shutdown();
        far.shutdown();
    }

    private static void await(Semaphore semaphore, int times) throws InterruptedException {
        if (!semaphore.tryAcquire(times, LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("some of " + times + " arrays have not arrived");
        }
    }

    private static Disposable arrivals(AeronUdpTransport at, Consumer<GradientsUpdateMessage> taker) {
        return Flowable.fromPublisher(at.incomingPublisher())
                .subscribe(message -> taker.accept((GradientsUpdateMessage) message));
    }

    private static void send(AeronUdpTransport from, AeronUdpTransport to, INDArray array, int kind) {
        GradientsUpdateMessage update =
                new GradientsUpdateMessage(UUID.randomUUID().toString(), array);
        update.setIteration(kind);
        update.setRelayId(from.id());
        from.sendMessage(update, to.id());
    }

    private static VoidConfiguration configuration() {
        return VoidConfiguration.builder()
                .streamId(119)
                .networkMask("127.0.0.0/24")
                .build();
    }

    private static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
