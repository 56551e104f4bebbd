package io.github.skydl4j.bench;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A way by which arrays go from one member to another over loopback, for {@link ChannelThroughput}. */
interface TensorPath extends AutoCloseable {
    /** Sends the array one way so many times, and waits until it has arrived as often. */
    void stream(INDArray array, int times) throws InterruptedException;

    /** Sends the array there and waits until it is back. */
    void roundTrip(INDArray array) throws InterruptedException;

    @Override
    void close();
}
