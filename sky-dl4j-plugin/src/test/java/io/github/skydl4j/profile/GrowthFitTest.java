package io.github.skydl4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.plan.Growth;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthFitTest {
    @Test
    void findsFactorAndConstant() {
        Growth growth = GrowthFit.between(List.of(100.0, 1000.0, 5000.0), List.of(170.0, 1250.0, 6050.0));
        assertThat(growth.factor()).isCloseTo(1.2, within(1e-9));
        assertThat(growth.pieceNanos()).isEqualTo(50);
    }

    /** Once times were not allowed to shrink, and whatever was measured before its code was compiled stayed too slow. */
    @Test
    void timesShrinkWhereCodeWasCompiledInTheMeantime() {
        Growth growth = GrowthFit.between(List.of(100.0, 1000.0), List.of(60.0, 510.0));
        assertThat(growth.factor()).isCloseTo(0.5, within(1e-9));
        assertThat(growth.pieceNanos()).isEqualTo(10);
    }

    @Test
    void timesThatFallWhileTheWorkRisesAreNearlyConstant() {
        Growth growth = GrowthFit.between(List.of(100.0, 1000.0), List.of(900.0, 800.0));
        assertThat(growth.factor()).isPositive();
        assertThat(growth.factor() * 1000 + growth.pieceNanos()).isBetween(700.0, 1000.0);
    }

    @Test
    void aNegativeConstantBecomesALargerFactor() {
        Growth growth = GrowthFit.between(List.of(100.0, 1000.0), List.of(100.0, 1500.0));
        assertThat(growth.pieceNanos()).isZero();
        assertThat(growth.factor()).isBetween(1.0, 1.5);
    }

    @Test
    void oneTimeOrNoneIsEnough() {
        assertThat(GrowthFit.between(List.of(), List.of())).isEqualTo(new Growth(1, 0));
        Growth one = GrowthFit.between(List.of(100.0), List.of(150.0));
        assertThat(one.factor()).isEqualTo(1);
        assertThat(one.pieceNanos()).isEqualTo(50);
    }
}
