package io.github.skydl4j.cli;

import java.util.Locale;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** DL4J's updaters that a configuration may name; all but the learning rate is as DL4J has it. */
enum UpdaterKind {
    ADAM,
    AMSGRAD,
    NADAM,
    NESTEROVS,
    SGD;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    IUpdater with(ISchedule rate) {
        return switch (this) {
            case ADAM -> new Adam(rate);
            case AMSGRAD -> new AMSGrad(rate);
            case NADAM -> new Nadam(rate);
            case NESTEROVS -> new Nesterovs(rate);
            case SGD -> new Sgd(rate);
        };
    }
}
