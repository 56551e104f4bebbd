package io.github.skydl4j.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A standalone Spark of one master and some workers, processes on the loopback address. Closing ends them all. */
final class SparkCluster implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final List<String> OPENS = Arrays.stream(
                    ("java.lang java.lang.invoke java.lang.reflect java.io java.net"
                                    + " java.nio java.util java.util.concurrent java.util.concurrent.atomic sun.nio.ch sun.nio.cs"
                                    + " sun.security.action sun.util.calendar")
                            .split(" "))
            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
            .toList();
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private final Path folder;
    private final String url;
    private final List<Process> processes = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();

    SparkCluster(Path folder, int workerCount) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("home/jars"));
        int port = freePort();
        url = "spark://127.0.0.1:" + port;
        start(
                "master",
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "" + port,
                "--webui-port",
                "0");
        awaitLine("master", "I have been elected leader");
        for (int w = 0; w < workerCount; w++) {
            workers.add(start(
                    "worker" + w,
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    "127.0.0.1",
                    "--webui-port",
                    "0",
                    "--cores",
                    "2",
                    "--memory",
                    "1g",
                    url));
        }
        for (int w = 0; w < workerCount; w++) {
            awaitLine("worker" + w, "Successfully registered with master");
        }
    }

    /** Starts a driver whose output is in the file of that name. */
    Process submit(String name, Class<?> main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "-Dspark.master=" + url,
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.local.dir=" + folder.resolve("local"),
                "-Dspark.executor.cores=2",
                "-Dspark.executor.memory=768m",
                "-Dspark.executor.extraClassPath=" + CLASS_PATH,
                "-Dspark.executorEnv.OMP_NUM_THREADS=1",
                "-Dspark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector"
                        + " -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 " + String.join(" ", OPENS),
                main.getName()));
        words.addAll(List.of(arguments));
        return start(name, words.toArray(new String[0]));
    }

    List<String> lines(String name) {
        try {
            return Files.readAllLines(folder.resolve(name + ".out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLine(String name, String part) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> lines(name).stream().anyMatch(line -> line.contains(part)));
    }

    /** The executors' processes: those that the workers have started. */
    List<ProcessHandle> executors() {
        return workers.stream().flatMap(Process::children).toList();
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        for (Process process : processes) {
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Process start(String name, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-modules=jdk.incubator.vector",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
        command.addAll(OPENS);
        command.addAll(List.of("-cp", CLASS_PATH));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".out").toFile());
        builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("SPARK_WORKER_DIR", folder.resolve("work").toString());
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
