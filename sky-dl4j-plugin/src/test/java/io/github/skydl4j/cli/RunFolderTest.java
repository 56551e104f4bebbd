package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the temporary folders of runs that are over; those named here as left behind are of killed processes. */
class RunFolderTest {
    private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");

    @TempDir
    private Path temp;

    @Test
    void isGoneAfterAGoodEnd() throws IOException {
        try (RunFolder folder = RunFolder.create(temp, NOW)) {
            Files.writeString(folder.key(), "secret");
            Files.createDirectories(folder.snapshots().resolve("step-0000000040"));
            assertThat(temp.resolve(folder.path().getFileName())).isDirectory();
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void keepsTheLogsOfAFailureForAWeekAndTheKeyNot() throws IOException {
        RunFolder failed = RunFolder.create(temp, NOW);
        Files.writeString(failed.key(), "secret");
        Path log = Files.writeString(failed.path().resolve("worker-a.log"), "no room");
        failed.keep();
        failed.close();
        assertThat(log).exists();
        assertThat(failed.key()).doesNotExist();
        tidyAt(Instant.now().plus(Duration.ofDays(6)));
        assertThat(log).exists();
        tidyAt(Instant.now().plus(Duration.ofDays(8)));
        assertThat(failed.path()).doesNotExist();
    }

    @Test
    void removesWhatAKilledRunHasLeftThatNobodyNeeds() throws IOException {
        Path early = left("early", "step-0000000000", NOW);
        Path never = Files.createDirectory(temp.resolve("sky-run-never"));
        Files.createFile(never.resolve("lock"));
        Path unlocked = Files.createDirectory(temp.resolve("sky-run-of-an-earlier-version"));
        Path other = Files.createDirectory(temp.resolve("another-program"));
        tidyAt(NOW);
        assertThat(early).doesNotExist();
        assertThat(never).doesNotExist();
        assertThat(unlocked).exists();
        assertThat(other).exists();
    }

    @Test
    void keepsWhatAKilledRunHasLearnedForAWeekButNotItsKey() throws IOException {
        Path before = left("before", "step-0000000100", NOW.minus(Duration.ofHours(1)));
        Path killed = left("killed", "step-0000000040", NOW);
        Path key = Files.writeString(killed.resolve("key"), "secret");
        tidyAt(NOW.plus(Duration.ofDays(6)));
        assertThat(killed.resolve(RunFolder.SNAPSHOTS).resolve("step-0000000040"))
                .exists();
        assertThat(key).doesNotExist();
        assertThat(RunFolder.latestSnapshots(temp)).contains(killed.resolve(RunFolder.SNAPSHOTS));
        age(killed, NOW);
        tidyAt(NOW.plus(Duration.ofDays(8)));
        assertThat(killed).doesNotExist();
        assertThat(before).doesNotExist();
    }

    @Test
    void leavesARunAloneThatIsStillGoing() throws IOException {
        try (RunFolder folder = RunFolder.create(temp, NOW)) {
            Files.writeString(folder.key(), "secret");
            tidyAt(Instant.now().plus(Duration.ofDays(30)));
            assertThat(folder.key()).exists();
        }
    }

    private void tidyAt(Instant now) throws IOException {
        RunFolder.create(temp, now).close();
    }

    private Path left(String name, String snapshot, Instant when) throws IOException {
        Path folder = temp.resolve("sky-run-" + name);
        Files.createDirectories(folder.resolve(RunFolder.SNAPSHOTS).resolve(snapshot));
        Files.createFile(folder.resolve("lock"));
        age(folder, when);
        return folder;
    }

    private static void age(Path folder, Instant when) throws IOException {
        Files.setLastModifiedTime(folder.resolve(RunFolder.SNAPSHOTS), FileTime.from(when));
        Files.setLastModifiedTime(folder, FileTime.from(when));
    }
}
