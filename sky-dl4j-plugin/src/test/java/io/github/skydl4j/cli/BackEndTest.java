package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a build for GPUs says of the machine it is on; the devices are as ND4J tells them. */
class BackEndTest {
    @Test
    void namesTheGpuThatComputes() {
        assertThat(BackEnd.checked(List.of(device("NVIDIA A10", 8)))).isEqualTo(" on NVIDIA A10");
    }

    @Test
    void saysInOneLineThatThereIsNoGpu() {
        assertThatThrownBy(() -> BackEnd.checked(List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("this build is for GPUs (-Pcuda), and there is none on this machine: build without -Pcuda");
        assertThatThrownBy(() -> BackEnd.checked(null)).isInstanceOf(ConfigException.class);
    }

    @Test
    void saysInOneLineThatTheGpuIsTooNew() {
        assertThatThrownBy(() -> BackEnd.checked(List.of(device("NVIDIA H100", 9))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the GPU NVIDIA H100 has compute capability 9.x")
                .hasMessageContaining("nd4j-cuda-11.6 holds no code for it")
                .message()
                .hasLineCount(1);
    }

    private static Map<String, Object> device(String name, int major) {
        return Map.of("cuda.deviceName", name, "cuda.deviceMajor", major);
    }
}
