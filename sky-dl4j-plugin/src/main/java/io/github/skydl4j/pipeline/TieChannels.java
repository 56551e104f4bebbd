package io.github.skydl4j.pipeline;

import java.time.Duration;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The way between two stages that hold a copy each of one parameter: once a step either sends the other its gradient, a
 * message each way.
 *
 * @param output this stage's gradient
 * @param input the other stage's
 */
public record TieChannels(Channel<INDArray> output, Channel<INDArray> input) {

    void close() {
        output.close();
        input.close();
    }

    /** Sends a copy of {@code gradient} and waits for the other's, which is the caller's to close. */
    INDArray exchange(INDArray gradient, Duration limit) {
        output.send(gradient.dup('c'), gradient.length() * gradient.dataType().width());
        return input.receive(limit);
    }
}
