package io.github.skydl4j.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that holds a {@link SharedKey}: one line, {@code sky-key-1} and the key in Base64. Only its owner may be able to
 * read it.
 */
public final class KeyFile {
    private static final String PREFIX = "sky-key-1 ";
    private static final int MAX_BYTES = 1024;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private KeyFile() {}

    /**
     * Writes a new random key to a file that did not exist, readable by its owner alone from the first moment.
     *
     * @throws KeyFileException if that cannot be done; nothing is overwritten
     */
    public static SharedKey create(Path file) {
        SharedKey key = SharedKey.random();
        String line = PREFIX + Base64.getEncoder().encodeToString(key.secret()) + "\n";
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly(file))) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return key;
        } catch (FileAlreadyExistsException e) {
            throw new KeyFileException(file + " exists already: name another file, or delete it first", e);
        } catch (NoSuchFileException e) {
            throw new KeyFileException("the folder of " + file + " does not exist", e);
        } catch (IOException e) {
            throw new KeyFileException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a key.
     *
     * @throws KeyFileException if the file is missing, no key file, or not for its owner alone
     */
    public static SharedKey read(Path file) {
        try {
            checkPermissions(file);
            if (Files.size(file) > MAX_BYTES) {
                throw notAKey(file);
            }
            return parse(file, Files.readString(file, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            throw new KeyFileException(file + " does not exist: make one with \"sky key new " + file + "\"", e);
        } catch (IOException e) {
            throw new KeyFileException("cannot read " + file + ": " + e, e);
        }
    }

    private static SharedKey parse(Path file, String text) {
        if (!text.startsWith(PREFIX)) {
            throw notAKey(file);
        }
        try {
            return SharedKey.of(
                    Base64.getDecoder().decode(text.substring(PREFIX.length()).trim()));
        } catch (IllegalArgumentException e) {
            throw notAKey(file);
        }
    }

    private static void checkPermissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> found = view.readAttributes().permissions();
        if (!OWNER.containsAll(withoutExecute(found))) {
            throw new KeyFileException(
                    file + " may be read or written by others than its owner (" + PosixFilePermissions.toString(found)
                            + "): run \"chmod 600 " + file + "\", or make a new key if others have seen it",
                    null);
        }
    }

    private static Set<PosixFilePermission> withoutExecute(Set<PosixFilePermission> permissions) {
        Set<PosixFilePermission> rest = EnumSet.noneOf(PosixFilePermission.class);
        rest.addAll(permissions);
        rest.remove(PosixFilePermission.OWNER_EXECUTE);
        return rest;
    }

    private static FileAttribute<?>[] ownerOnly(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        FileStore store = Files.getFileStore(folder == null ? file : folder);
        return store.supportsFileAttributeView(PosixFileAttributeView.class)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
                : new FileAttribute<?>[0];
    }

    private static KeyFileException notAKey(Path file) {
        return new KeyFileException(
                file + " is no key file: its one line begins with \"sky-key-1\"; make one with \"sky key new FILE\"",
                null);
    }
}
