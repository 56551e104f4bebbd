package io.github.skydl4j.cli;

import io.github.skydl4j.cluster.ClusterCodec;
import io.github.skydl4j.cluster.HostPort;
import io.github.skydl4j.transport.AeronEndpoint;
import io.github.skydl4j.transport.EndpointOptions;
import io.github.skydl4j.transport.KeyFile;
import io.github.skydl4j.transport.KeyFileException;
import io.github.skydl4j.transport.PeerLostException;
import io.github.skydl4j.transport.SharedKey;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sky doctor}. */
@Command(
        name = "doctor",
        description = "Look at this machine, and tell what would keep a run from working and what to do.",
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(6);

    @Option(names = "--join", paramLabel = "HOST:PORT", description = "Try to reach a coordinator, too.")
    private @Nullable String join;

    @Option(names = "--key", paramLabel = "FILE", description = "The run's key.")
    private @Nullable Path key;

    @Option(
            names = "--processes",
            paramLabel = "N",
            description = "How many processes will run on this machine, 5 by default.")
    private int processes = 5;

    @Option(names = "--shared-memory", hidden = true)
    private Path sharedMemory = Path.of("/dev/shm");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    private final PrintStream out;

    DoctorCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (processes < 1) {
            throw new ConfigException("--processes: found " + processes + ", expected a whole number, at least 1");
        }
        List<Finding> findings = new ArrayList<>(List.of(
                HostCheck.java(),
                HostCheck.memory(),
                backEnd(),
                HostCheck.sharedMemory(sharedMemory, processes),
                HostCheck.ports(),
                HostCheck.hostName(),
                HostCheck.clock(),
                HostCheck.logging(),
                keyFile()));
        if (join != null) {
            findings.add(coordinator(join));
        }
        for (Finding finding : findings) {
            out.println(String.format(
                    Locale.ROOT,
                    "%-4s  %-13s  %s",
                    finding.level().label(),
                    finding.what(),
                    Failure.oneLine(finding.text())));
        }
        boolean isBad = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.BAD);
        return isBad ? Failure.FAILED : 0;
    }

    private static Finding backEnd() {
        try {
            BackEnd backEnd = BackEnd.require(null);
            String threads = System.getenv().getOrDefault("OMP_NUM_THREADS", "all");
            String text = backEnd.text() + ", " + Runtime.getRuntime().availableProcessors() + " cores, " + threads
                    + " threads for a native operation";
            return backEnd.gpu() || usesThisCpu()
                    ? Finding.good("back end", text)
                    : Finding.poor(
                            "back end",
                            text + "; built for older CPUs than this one: add -Djavacpp.platform.extension=-avx2 (or"
                                    + " -avx512) to SKY_MAVEN_OPTS where ND4J has it for your platform");
        } catch (ConfigException e) {
            return Finding.bad("back end", String.valueOf(e.getMessage()));
        }
    }

    /** Whether ND4J's own operations were built for the instructions that this CPU has. */
    private static boolean usesThisCpu() {
        NativeOps operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
        return operations.binaryLevel() >= operations.optimalLevel();
    }

    private Finding keyFile() {
        if (key == null) {
            return Finding.good("key", "none was named; other machines need one: ./sky key new FILE");
        }
        try {
            KeyFile.read(key);
            return Finding.good("key", key + " is a key that its owner alone can read");
        } catch (KeyFileException e) {
            return Finding.bad("key", String.valueOf(e.getMessage()));
        }
    }

    private Finding coordinator(String text) {
        long start = System.nanoTime();
        try {
            InetSocketAddress address = HostPort.parse(text);
            SharedKey secret = key == null ? SharedKey.none() : KeyFile.read(key);
            EndpointOptions options = EndpointOptions.builder(
                            "doctor-" + ProcessHandle.current().pid(),
                            ClusterCodec.codec(),
                            secret,
                            AeronEndpoint.localAddressToward(address))
                    .build();
            AeronEndpoint.join(options, address, JOIN_LIMIT).close();
            long millis = (System.nanoTime() - start) / 1_000_000;
            return Finding.good("coordinator", text + " has admitted this machine within " + millis + " ms");
        } catch (PeerLostException | IllegalArgumentException | KeyFileException | UncheckedIOException e) {
            return Finding.bad("coordinator", String.valueOf(e.getMessage()));
        }
    }
}
