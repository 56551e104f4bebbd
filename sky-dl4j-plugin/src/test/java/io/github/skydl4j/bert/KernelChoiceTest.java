package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** Runs twice in the build: in a JVM with jdk.incubator.vector and in one without. */
class KernelChoiceTest {
    private final boolean module =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    @Test
    void takesCpuKernelsOnlyWhereTheModuleIs() {
        String chosen = KernelChoice.choose("auto").getClass().getSimpleName();

        assertThat(chosen).isEqualTo(module ? "VectorKernels" : "Nd4jKernels");
    }

    @Test
    void takesNd4jForDoubles() {
        assertThat(KernelChoice.forType(DataType.DOUBLE)).isInstanceOf(Nd4jKernels.class);
    }

    @Test
    void canBeOverridden() {
        assertThat(KernelChoice.choose("nd4j")).isInstanceOf(Nd4jKernels.class);
        if (module) {
            assertThat(KernelChoice.choose("CPU")).isNotInstanceOf(Nd4jKernels.class);
        } else {
            assertThatThrownBy(() -> KernelChoice.choose("cpu"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("--add-modules jdk.incubator.vector");
        }
    }

    @Test
    void refusesAnUnknownChoiceNamingThoseThereAre() {
        assertThatThrownBy(() -> KernelChoice.choose("gpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("gpu", "auto, nd4j or cpu");
    }
}
