package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @Test
    void readsSizesInBytes() {
        assertThat(Quantity.SIZE.parse("4 GiB")).isEqualTo(4L << 30);
        assertThat(Quantity.SIZE.parse("500 MB")).isEqualTo(500e6);
        assertThat(Quantity.SIZE.parse("1.5kib")).isEqualTo(1536);
        assertThat(Quantity.SIZE.parse("7 b")).isEqualTo(7);
    }

    @Test
    void readsBandwidthsInBytesASecond() {
        assertThat(Quantity.BANDWIDTH.parse("1 Gbit/s")).isEqualTo(125e6);
        assertThat(Quantity.BANDWIDTH.parse("100 MB/s")).isEqualTo(100e6);
        assertThat(Quantity.BANDWIDTH.parse("8 bit/s")).isEqualTo(1);
    }

    @Test
    void readsTimesInNanoseconds() {
        assertThat(Quantity.TIME.parse("0.2 ms")).isEqualTo(200_000);
        assertThat(Quantity.TIME.parse("3 us")).isEqualTo(3_000);
        assertThat(Quantity.TIME.parse("2 min")).isEqualTo(120e9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "GiB", "-1 GiB", "1e3 GiB", "4 GiB/s", "4 parsecs", ""})
    void refusesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Quantity.SIZE.parse(text));
    }
}
