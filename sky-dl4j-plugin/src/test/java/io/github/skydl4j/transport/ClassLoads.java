package io.github.skydl4j.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** Which classes the JVM loads, and on which thread, by its own flight recorder. */
final class ClassLoads {
    /** What the JDK spins when a line that joins texts runs for the first time, and the recorder's own classes. */
    private static final List<String> NOT_COUNTED = List.of("java.lang.invoke.", "jdk.jfr.");

    private ClassLoads() {}

    /** Something that may fail. */
    interface Work {
        void run() throws Exception;
    }

    /** The classes that the threads of some names load while something runs: "class on thread". */
    static List<String> during(Predicate<String> threads, Work work) throws Exception {
        Path file = Files.createTempFile("sky", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ClassLoad").withoutThreshold().withStackTrace();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
            return read(file, threads);
        } finally {
            Files.delete(file);
        }
    }

    private static List<String> read(Path file, Predicate<String> threads) throws IOException {
        List<String> loads = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            RecordedThread thread = event.getThread();
            RecordedClass loaded = event.getClass("loadedClass");
            boolean isAsked = thread != null && thread.getJavaName() != null && threads.test(thread.getJavaName());
            if (isAsked && isCounted(loaded.getName())) {
                loads.add(loaded.getName() + " on " + thread.getJavaName());
            }
        }
        return loads;
    }

    private static boolean isCounted(String name) {
        return NOT_COUNTED.stream().noneMatch(name::startsWith);
    }
}
