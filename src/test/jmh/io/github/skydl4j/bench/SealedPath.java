package io.github.skydl4j.bench;

import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.ChannelClosedException;
import io.github.skydl4j.pipeline.StalledException;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.transport.AeronEndpoint;
import io.github.skydl4j.transport.ChannelSpec;
import io.github.skydl4j.transport.EndpointOptions;
import io.github.skydl4j.transport.Message;
import io.github.skydl4j.transport.MessageCodec;
import io.github.skydl4j.transport.MessageListener;
import io.github.skydl4j.transport.SharedKey;
import io.github.skydl4j.transport.TensorForm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sealed boundary channels between two endpoints that do not make use of being in one JVM. */
final class SealedPath implements TensorPath {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CAPACITY = 4;

    private final AeronEndpoint near;
    private final AeronEndpoint far;
    private final Semaphore arrived = new Semaphore(0);
    private final Channel<INDArray> oneWay;
    private final Channel<INDArray> there;
    private final Channel<INDArray> back;

    SealedPath() {
        SharedKey key = SharedKey.random();
        near = AeronEndpoint.coordinator(options("near", key));
        far = AeronEndpoint.join(options("far", key), near.address(), LIMIT);
        String farId = far.id();
        awaitMember(farId);
        String nearId = near.id();
        oneWay = near.sender(farId, spec(1));
        there = near.sender(farId, spec(2));
        back = near.receiver(farId, spec(3));
        Channel<INDArray> taken = far.receiver(nearId, spec(1));
        Channel<INDArray> asked = far.receiver(nearId, spec(2));
        Channel<INDArray> answers = far.sender(nearId, spec(3));
        start("taker", () -> {
            taken.receive(LIMIT).close();
            arrived.release();
        });
        start("echo", () -> {
            INDArray array = asked.receive(LIMIT);
            answers.send(array, 0);
        });
    }

    @Override
    public void stream(INDArray array, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            oneWay.send(array, 0);
        }
        if (!arrived.tryAcquire(times, LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("some of " + times + " arrays have not arrived");
        }
    }

    @Override
    public void roundTrip(INDArray array) {
        there.send(array, 0);
        INDArray answer = back.receive(LIMIT);
        if (answer.length() != array.length()) {
            throw new IllegalStateException(answer.length() + " numbers came back");
        }
        answer.close();
    }

    @Override
    public void close() {
        far.close();
        near.close();
    }

    private void awaitMember(String id) {
        CountDownLatch joined = new CountDownLatch(1);
        near.listen(new MessageListener() {
            @Override
            public void received(String peer, Message message) {}

            @Override
            public void joined(String peer) {
                joined.countDown();
            }
        });
        try {
            if (!joined.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(id + " has not joined");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for " + id, e);
        }
    }

    private static ChannelSpec<INDArray> spec(int id) {
        return new ChannelSpec<>(id, CAPACITY, TensorForm.array(), WireType.EXACT);
    }

    private static EndpointOptions options(String id, SharedKey key) {
        return EndpointOptions.builder(id, MessageCodec.of(List.of()), key, EndpointOptions.loopback())
                .handOver(false)
                .build();
    }

    private static void start(String name, Runnable turn) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            untilLimit(turn);
                        }
                    } catch (ChannelClosedException e) {
                        // the end of the path
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void untilLimit(Runnable turn) {
        try {
            turn.run();
        } catch (StalledException e) {
            // the other way is being measured
        }
    }
}
