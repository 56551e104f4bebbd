package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.graph.UnsupportedGraphException;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.text.TextException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void blamesTheInputWhereItIsAtFault() {
        assertThat(Failure.of(new ConfigException("a"))).isEqualTo(new Failure("a", 2));
        assertThat(Failure.of(new TextException("b"))).isEqualTo(new Failure("b", 2));
        assertThat(Failure.of(new InfeasiblePlanException("c"))).isEqualTo(new Failure("c", 2));
        assertThat(Failure.of(new UnsupportedGraphException("d"))).isEqualTo(new Failure("d", 2));
    }

    @Test
    void saysAnythingElseInOneLine() {
        assertThat(Failure.of(new IllegalStateException("first\n  second\n")))
                .isEqualTo(new Failure("failed: first second (--verbose shows where)", 1));
        assertThat(Failure.of(new IOException("no space left")).line()).contains("java.io.IOException: no space left");
        assertThat(Failure.of(new NullPointerException()).line()).contains("java.lang.NullPointerException");
        assertThat(Failure.of(new OutOfMemoryError("heap")).exitCode()).isEqualTo(1);
    }
}
