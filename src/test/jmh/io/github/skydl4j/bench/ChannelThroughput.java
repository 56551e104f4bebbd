package io.github.skydl4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Throughput and round trip of a sealed boundary channel, and of the parameter server's stock transport, over loopback, in
 * one JVM. Arguments: MiB in a measurement of the channel, and of the stock transport (0 leaves it out).
 */
final class ChannelThroughput {
    private static final int[] SIZES = {4 << 10, 1 << 20, 16 << 20};
    private static final int MEASUREMENTS = 3;
    private static final int MOST_ARRAYS = 4_000;

    private ChannelThroughput() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.out.printf("%-8s %10s %22s %22s%n", "way", "bytes", "MB/s median (min)", "round trip ms (p99)");
        try (TensorPath path = new SealedPath()) {
            print("sealed", path, Integer.parseInt(arguments[0]));
        }
        int stockMebibytes = Integer.parseInt(arguments[1]);
        if (stockMebibytes > 0) {
            try (TensorPath path = new StockPath()) {
                print("stock", path, stockMebibytes);
            }
        }
    }

    /** Medians for arrays of one size. */
    record Figures(int bytes, double megabytesPerSecond, double slowest, double roundTripMillis, double longTrip) {}

    private static void print(String name, TensorPath path, int mebibytes) throws InterruptedException {
        for (Figures figures : measure(path, mebibytes)) {
            System.out.printf(
                    "%-8s %10d %12.1f (%7.1f) %13.3f (%7.3f)%n",
                    name,
                    figures.bytes(),
                    figures.megabytesPerSecond(),
                    figures.slowest(),
                    figures.roundTripMillis(),
                    figures.longTrip());
        }
    }

    /** Figures for each of the sizes, up to the first that does not get through. */
    static List<Figures> measure(TensorPath path, int mebibytes) throws InterruptedException {
        List<Figures> all = new ArrayList<>();
        path.stream(Nd4j.rand(DataType.FLOAT, 1, 1 << 18), mebibytes);
        for (int bytes : SIZES) {
            int times = Math.max(2, (int) Math.min(MOST_ARRAYS, ((long) mebibytes << 20) / bytes));
            try {
                all.add(figures(path, Nd4j.rand(DataType.FLOAT, 1, bytes / Float.BYTES), times));
            } catch (IllegalStateException e) {
                System.err.printf("%d bytes: %s%n", bytes, e.getMessage());
                break; // what has not arrived may still be under way
            }
        }
        return all;
    }

    private static Figures figures(TensorPath path, INDArray array, int times) throws InterruptedException {
        double[] rates = rates(path, array, times);
        double[] trips = trips(path, array, Math.max(3, Math.min(1000, times / 4)));
        return new Figures(
                (int) array.length() * Float.BYTES,
                rates[MEASUREMENTS / 2],
                rates[0],
                trips[trips.length / 2],
                trips[trips.length * 99 / 100]);
    }

    /** Sorted. */
    private static double[] rates(TensorPath path, INDArray array, int times) throws InterruptedException {
        path.stream(array, Math.max(1, times / 4));
        double[] rates = new double[MEASUREMENTS];
        for (int i = 0; i < MEASUREMENTS; i++) {
            long start = System.nanoTime();
            path.stream(array, times);
            double seconds = (System.nanoTime() - start) / 1e9;
            rates[i] = array.length() * Float.BYTES * (double) times / seconds / 1e6;
        }
        Arrays.sort(rates);
        return rates;
    }

    /** Milliseconds, sorted. */
    private static double[] trips(TensorPath path, INDArray array, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            path.roundTrip(array);
        }
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            path.roundTrip(array);
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }
}
