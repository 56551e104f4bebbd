package io.github.skydl4j.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a UTF-8 file: without byte-order mark, ended by LF or CRLF. Unlike {@link Files#readAllLines}, it names
 * the line that is not text, and does not break lines at a lone CR.
 */
final class TextLines {
    private static final long MAX_BYTES = 1L << 30;

    private TextLines() {}

    /** All lines of {@code file}. Throws {@link TextException} for a file that is missing, a folder, or not text. */
    static List<String> read(Path file) {
        byte[] bytes = bytes(file);
        List<String> lines = new ArrayList<>();
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        int start = hasByteOrderMark(bytes) ? 3 : 0;
        while (start < bytes.length) {
            int end = endOfLine(bytes, start);
            int textEnd = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
            lines.add(
                    decoded(decoder, ByteBuffer.wrap(bytes, start, textEnd - start), file + ":" + (lines.size() + 1)));
            start = end + 1;
        }
        return lines;
    }

    private static byte[] bytes(Path file) {
        if (Files.isDirectory(file)) {
            throw new TextException(file + " is a folder: name a file in it");
        }
        if (!Files.exists(file)) {
            throw new TextException(file + " does not exist: check the path, seen from "
                    + Path.of("").toAbsolutePath());
        }
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new TextException(
                        file + " has " + size + " bytes, at most " + MAX_BYTES + " are allowed: split it");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TextException(file + " cannot be read: " + e, e);
        }
    }

    private static boolean hasByteOrderMark(byte[] bytes) {
        return bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    }

    private static int endOfLine(byte[] bytes, int start) {
        int end = start;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private static String decoded(CharsetDecoder decoder, ByteBuffer line, String place) {
        try {
            String text = decoder.decode(line).toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            throw new TextException(place + ": not UTF-8 text: convert the file to UTF-8", e);
        }
        throw new TextException(place + ": not text, it holds a zero byte: convert the file to UTF-8 text");
    }
}
