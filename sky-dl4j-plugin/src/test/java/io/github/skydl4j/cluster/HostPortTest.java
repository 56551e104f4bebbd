package io.github.skydl4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:40123", "[0:0:0:0:0:0:0:1]:0"})
    void printsWhatItReads(String text) {
        assertThat(HostPort.text(HostPort.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", ":1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:http"})
    void refusesWhatHasNoHostOrNoPort(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected HOST:PORT");
    }

    @Test
    void namesAHostThatIsNotKnown() {
        assertThatThrownBy(() -> HostPort.parse("no-such-host.invalid:1")).hasMessageContaining("no-such-host.invalid");
    }
}
