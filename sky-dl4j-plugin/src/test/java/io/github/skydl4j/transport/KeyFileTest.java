package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    Path folder;

    @Test
    void readsBackWhatItHasMade() throws Exception {
        Path file = folder.resolve("sky.key");
        SharedKey key = KeyFile.create(file);
        assertThat(KeyFile.read(file)).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).matches("sky-key-1 [A-Za-z0-9+/]{43}=\n");
    }

    @Test
    void makesADifferentKeyEachTime() {
        assertThat(KeyFile.create(folder.resolve("a"))).isNotEqualTo(KeyFile.create(folder.resolve("b")));
    }

    @Test
    void doesNotOverwriteAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("sky.key"), "precious");
        assertThatThrownBy(() -> KeyFile.create(file))
                .isInstanceOf(KeyFileException.class)
                .hasMessage(file + " exists already: name another file, or delete it first");
        assertThat(Files.readString(file)).isEqualTo("precious");
    }

    @Test
    void refusesAFileThatOthersMayRead() throws Exception {
        Path file = folder.resolve("sky.key");
        KeyFile.create(file);
        for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            assertThatThrownBy(() -> KeyFile.read(file))
                    .isInstanceOf(KeyFileException.class)
                    .hasMessageContaining(permissions)
                    .hasMessageContaining("chmod 600 " + file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        KeyFile.read(file);
    }

    @Test
    void refusesWhatIsNoKeyFile() throws Exception {
        for (String text : new String[] {"", "sky-key-1", "sky-key-1 c2hvcnQ=", "sky-key-1 ???", "sky-key-2 x", "é"}) {
            Path file = Files.createFile(
                    folder.resolve("key" + Math.abs(text.hashCode())),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text);
            assertThatThrownBy(() -> KeyFile.read(file)).isInstanceOf(KeyFileException.class);
        }
    }

    @Test
    void saysWhatToDoWhereThereIsNone() {
        Path file = folder.resolve("none");
        assertThatThrownBy(() -> KeyFile.read(file))
                .hasMessage(file + " does not exist: make one with \"sky key new " + file + "\"");
        assertThatThrownBy(() -> KeyFile.create(file.resolve("deeper"))).isInstanceOf(KeyFileException.class);
    }

    @Test
    void aKeyIsNeverPrinted() {
        assertThat(SharedKey.random().toString()).isEqualTo("a key");
    }
}
