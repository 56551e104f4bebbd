package io.github.skydl4j.bench;

import java.time.Duration;
import java.util.List;

/** A block of BERT-base beside its matrix products alone. */
final class BlockExperiment implements Experiment {
    private static final int BATCH = 8;

    @Override
    public Brief brief() {
        return new Brief(
                "block",
                "one block of BERT-base, forward and backward on one thread, beside its matrix products alone",
                Duration.ofSeconds(90),
                Duration.ofMinutes(3),
                3);
    }

    @Override
    public Findings run(Console console, int repeats) {
        List<Row> rows = List.of(row(0, console, repeats), row(0.1, console, repeats));
        return new Findings(
                rows,
                List.of("Hidden 768, 12 heads, intermediate 3072, batch " + BATCH
                        + " x 128 tokens; processor time. Bound: the matrix products into given results."),
                Plot.ofSteps("A block of BERT-base", rows));
    }

    private static Row row(double dropout, Console console, int repeats) {
        ProductRatio ratio = new ProductRatio(BATCH, dropout);
        double[] blocks = new double[repeats];
        double[] products = new double[repeats];
        for (int repeat = 0; repeat < repeats; repeat++) {
            ProductRatio.Millis millis = ratio.measure();
            blocks[repeat] = millis.block();
            products[repeat] = millis.products();
            console.line("run %d of %d: dropout %s: block %.0f ms, products %.0f ms"
                    .formatted(repeat + 1, repeats, dropout, millis.block(), millis.products()));
        }
        double block = Measurement.median(blocks);
        return new Row("dropout " + dropout, BATCH / block * 1e3, block, Measurement.median(products))
                .with("spread", Measurement.spread(blocks));
    }
}
