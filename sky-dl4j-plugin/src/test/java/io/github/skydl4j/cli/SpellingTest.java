package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> KEYS = List.of("batch", "epochs", "learningRate", "seed");

    @Test
    void countsLettersAndSwaps() {
        assertThat(Spelling.distance("seed", "seed")).isZero();
        assertThat(Spelling.distance("sede", "seed")).isEqualTo(1);
        assertThat(Spelling.distance("SEED", "seed")).isZero();
        assertThat(Spelling.distance("", "seed")).isEqualTo(4);
    }

    @Test
    void findsTheNearestWord() {
        assertThat(Spelling.nearest("epoch", KEYS)).contains("epochs");
        assertThat(Spelling.nearest("learning_rate", KEYS)).contains("learningRate");
        assertThat(Spelling.nearest("sed", KEYS)).contains("seed");
    }

    @Test
    void guessesNothingFarFetched() {
        assertThat(Spelling.nearest("workers", KEYS)).isEmpty();
        assertThat(Spelling.nearest("x", KEYS)).isEmpty();
    }
}
