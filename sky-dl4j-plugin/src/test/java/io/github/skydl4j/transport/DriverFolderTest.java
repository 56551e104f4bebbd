package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverFolderTest {
    private static final int KILLS = Integer.getInteger("sky.soak.killedDrivers", 3);
    private static final String FOLDER = "folder ";

    @TempDir
    private Path base;

    @Test
    void deletesWhatAKilledJvmHasLeftAndNothingElse() throws Exception {
        Files.createDirectory(base.resolve("somebody-elses"));
        try (DriverFolder own = DriverFolder.create(base)) {
            Path before = own.driver();
            for (int kill = 0; kill < KILLS; kill++) {
                try (ChildJvm child = new ChildJvm(Occupant.class, base.toString())) {
                    Path left = Path.of(child.await(FOLDER));
                    assertThat(left).isNotEmptyDirectory();
                    DriverFolder.sweep(base);
                    assertThat(left).as("one whose JVM lives").exists();
                    child.kill();
                    assertThat(left).as("one whose JVM was killed").exists();
                    // The next one to start takes it away, as does this:
                    DriverFolder.sweep(base);
                    assertThat(left).doesNotExist();
                }
            }
            assertThat(before.getParent()).exists();
        }
        assertThat(entries(base)).containsExactly("somebody-elses");
    }

    @Test
    void endpointsThatCloseLeaveNothing() throws Exception {
        try (AeronEndpoint endpoint = AeronEndpoint.coordinator(
                EndpointOptions.builder("c", LoopbackNetworkTest.CODEC, SharedKey.random(), EndpointOptions.loopback())
                        .memoryFolder(base)
                        .build())) {
            assertThat(endpoint.peers()).isEmpty();
        }
        assertThat(entries(base)).isEmpty();
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** A program with an endpoint that is never closed. Argument: where its buffers are to be. */
    static final class Occupant {
        private Occupant() {}

        public static void main(String[] arguments) throws Exception {
            Path base = Path.of(arguments[0]);
            List<String> before = entries(base);
            AeronEndpoint.coordinator(EndpointOptions.builder(
                            "c", LoopbackNetworkTest.CODEC, SharedKey.random(), EndpointOptions.loopback())
                    .memoryFolder(base)
                    .build());
            String own = entries(base).stream()
                    .filter(name -> !before.contains(name))
                    .findFirst()
                    .orElseThrow();
            System.out.println(FOLDER + base.resolve(own));
            new CountDownLatch(1).await(); // until it is killed
        }
    }
}
