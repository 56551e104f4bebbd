package io.github.skydl4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthTest {
    @Test
    void findsFactorAndConstant() {
        Growth growth = Growth.between(List.of(100.0, 1000.0, 5000.0), List.of(170.0, 1250.0, 6050.0));
        assertThat(growth.factor()).isCloseTo(1.2, within(1e-9));
        assertThat(growth.constant()).isCloseTo(50, within(1e-6));
    }

    /** Once times were not allowed to shrink, and whatever was measured before its code was compiled stayed too slow. */
    @Test
    void timesShrinkWhereCodeWasCompiledInTheMeantime() {
        Growth growth = Growth.between(List.of(100.0, 1000.0), List.of(60.0, 510.0));
        assertThat(growth.factor()).isCloseTo(0.5, within(1e-9));
        assertThat(growth.constant()).isCloseTo(10, within(1e-6));
    }

    @Test
    void timesThatFallWhileTheWorkRisesAreNearlyConstant() {
        Growth growth = Growth.between(List.of(100.0, 1000.0), List.of(900.0, 800.0));
        assertThat(growth.factor()).isPositive();
        assertThat(growth.factor() * 1000 + growth.constant()).isBetween(700.0, 1000.0);
    }

    @Test
    void aNegativeConstantBecomesALargerFactor() {
        Growth growth = Growth.between(List.of(100.0, 1000.0), List.of(100.0, 1500.0));
        assertThat(growth.constant()).isZero();
        assertThat(growth.factor()).isBetween(1.0, 1.5);
    }

    @Test
    void oneTimeOrNoneIsEnough() {
        assertThat(Growth.between(List.of(), List.of())).isEqualTo(new Growth(1, 0));
        Growth one = Growth.between(List.of(100.0), List.of(150.0));
        assertThat(one.factor()).isEqualTo(1);
        assertThat(one.constant()).isCloseTo(50, within(1e-9));
    }
}
