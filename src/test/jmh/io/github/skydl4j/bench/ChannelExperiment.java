package io.github.skydl4j.bench;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Sealed boundary channels over loopback, beside what sealing alone takes. */
final class ChannelExperiment implements Experiment {
    private static final int RECORD = 64 << 10;
    private static final int MEBIBYTES = 128;

    @Override
    public Brief brief() {
        return new Brief(
                "channel",
                "sealed channels between stages over loopback, 4 KiB to 16 MiB",
                Duration.ofSeconds(60),
                Duration.ofMinutes(3),
                3);
    }

    @Override
    public Findings run(Console console, int repeats) throws InterruptedException, GeneralSecurityException {
        Map<Integer, List<ChannelThroughput.Figures>> runs = new LinkedHashMap<>();
        double[] bounds = new double[repeats];
        for (int repeat = 0; repeat < repeats; repeat++) {
            bounds[repeat] = sealedBytesPerMilli();
            try (TensorPath path = new SealedPath()) {
                for (ChannelThroughput.Figures figures : ChannelThroughput.measure(path, MEBIBYTES)) {
                    runs.computeIfAbsent(figures.bytes(), bytes -> new ArrayList<>())
                            .add(figures);
                    console.line("run %d of %d: %d bytes: %.0f MB/s"
                            .formatted(repeat + 1, repeats, figures.bytes(), figures.megabytesPerSecond()));
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        runs.forEach((bytes, figures) -> rows.add(row(bytes, figures, Measurement.median(bounds))));
        return new Findings(
                rows,
                List.of(
                        "A sample is an array, a step its way to the other end in a stream of them. Bound: AES-GCM over 64 KiB"
                                + " records on one core, nothing else.",
                        "Both ends are in one JVM but talk as two processes would."),
                Plot.ofSteps("A sealed channel", rows));
    }

    private static Row row(int bytes, List<ChannelThroughput.Figures> runs, double bytesPerMilli) {
        double[] rates = runs.stream()
                .mapToDouble(ChannelThroughput.Figures::megabytesPerSecond)
                .toArray();
        double[] trips = runs.stream()
                .mapToDouble(ChannelThroughput.Figures::roundTripMillis)
                .toArray();
        double rate = Measurement.median(rates);
        double step = bytes / (rate * 1e3);
        return new Row(bytes / 1024 + " KiB", 1e3 / step, step, bytes / bytesPerMilli)
                .with("megabytesPerSecond", rate)
                .with("spread", Measurement.spread(rates))
                .with("roundTripMillis", Measurement.median(trips));
    }

    private static double sealedBytesPerMilli() throws GeneralSecurityException {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[32];
        random.nextBytes(key);
        byte[] plain = new byte[RECORD];
        byte[] sealed = new byte[RECORD + 16];
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = new byte[12];
        double best = 0;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            int records = (MEBIBYTES << 20) / RECORD;
            for (int record = 0; record < records; record++) {
                random.nextBytes(nonce);
                cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
                cipher.doFinal(plain, 0, RECORD, sealed, 0);
            }
            best = Math.max(best, (double) records * RECORD / ((System.nanoTime() - start) / 1e6));
        }
        return best;
    }
}
