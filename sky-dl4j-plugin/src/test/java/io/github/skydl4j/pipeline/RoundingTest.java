package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.WireType;
import java.time.Duration;
import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RoundingTest {
    private static final float INFINITE = Float.POSITIVE_INFINITY;

    @Test
    void bfloat16KeepsTheRangeAndEightBits() {
        INDArray array = Nd4j.createFromArray(1.0f, -2.5f, 3.1415927f, 1e30f, 1e-30f, INFINITE, Float.NaN);
        float[] rounded = new Rounding(WireType.BFLOAT16).rounded(array).toFloatVector();
        assertThat(rounded).startsWith(1.0f, -2.5f, 3.140625f).endsWith(INFINITE, Float.NaN);
        assertThat(rounded[3] / 1e30f).isBetween(0.996f, 1.004f);
        assertThat(rounded[4] / 1e-30f).isBetween(0.996f, 1.004f);
    }

    /** A gradient beyond the range once became infinite, and the parameters with it. */
    @Test
    void float16EndsAtItsLargestNumberAndKeepsNaN() {
        INDArray array = Nd4j.createFromArray(3.1415927f, 65504f, 65519f, 1e6f, -1e30f, INFINITE, -INFINITE, Float.NaN);
        float[] before = array.toFloatVector();
        assertThat(new Rounding(WireType.FLOAT16).rounded(array).toFloatVector())
                .containsExactly(3.140625f, 65504f, 65504f, 65504f, -65504f, 65504f, -65504f, Float.NaN);
        assertThat(array.toFloatVector()).containsExactly(before);
    }

    @ParameterizedTest
    @EnumSource(WireType.class)
    void integersAndBooleansAreTheSameArrays(WireType wire) {
        INDArray tokens = Nd4j.createFromArray(1, 70_000, 3);
        INDArray flags = Nd4j.createFromArray(true, false);
        Rounding rounding = new Rounding(wire);
        assertThat(rounding.rounded(tokens)).isSameAs(tokens);
        assertThat(rounding.rounded(flags)).isSameAs(flags);
        assertThat(rounding.gradientBytes(Map.of("tokens", tokens))).isEqualTo(12);
    }

    @ParameterizedTest
    @EnumSource(WireType.class)
    void typesShapesAndOrdersStay(WireType wire) {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            for (char order : new char[] {'c', 'f'}) {
                INDArray array = Nd4j.rand(type, 3, 4).dup(order);
                INDArray rounded = new Rounding(wire).rounded(array);
                assertThat(rounded.dataType()).isEqualTo(type);
                assertThat(rounded.shape()).containsExactly(3, 4);
                assertThat(rounded.equalsWithEps(array, 0.01)).isTrue();
            }
        }
        INDArray none = Nd4j.empty(DataType.FLOAT);
        assertThat(new Rounding(wire).rounded(none)).isSameAs(none);
    }

    @Test
    void anEmulatedLinkCarriesHalfTheBytesOfActivationsAndAllOfAMask() {
        INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 1);
        INDArray activations = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {5, 6}, {7, 3.1415927f}});
        Link link = new Link(1e9, 0, WireType.BFLOAT16);
        Channel<Map<String, BoundaryTensor>> channel =
                RoundingChannel.ofActivations(Channel.inProcess("there", 1, link, 1), link.wire());
        channel.send(Map.of("u", new BoundaryTensor(activations, Pair.makePair(mask, MaskState.Active))), 48);
        BoundaryTensor received = channel.receive(Duration.ofSeconds(20)).get("u");
        assertThat(channel.lastTransit().bytes()).isEqualTo(8 * 2 + 4 * 4);
        assertThat(received.activations().getFloat(3, 1)).isEqualTo(3.140625f);
        assertThat(received.mask().getFirst()).isSameAs(mask);
    }

    @Test
    void anExactLinkHasNothingAroundIt() {
        Channel<Map<String, INDArray>> channel = Channel.inProcess("back", 1, Link.INSTANT, 1);
        assertThat(RoundingChannel.ofGradients(channel, WireType.EXACT)).isSameAs(channel);
    }
}
