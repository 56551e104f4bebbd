package io.github.skydl4j.transport;

import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One kind of message that may travel: its number on the wire, and how it is written and read.
 *
 * @param number 1 to 65535, never given to another kind afterwards; 1 to 99 are the transport's own
 * @param type the exact class of the message
 * @param writer writes the fields
 * @param reader reads them back in the same order; whatever is wrong with them is a {@link MalformedFrameException}
 */
public record MessageType<M extends Message>(
        int number, Class<M> type, BiConsumer<M, WireWriter> writer, Function<WireReader, M> reader) {
    /** The first number that is free for messages of other packages. */
    public static final int FIRST_FREE_NUMBER = 100;

    public MessageType {
        if (number < 1 || number > 0xffff) {
            throw new IllegalArgumentException("message number " + number + " is not between 1 and 65535");
        }
    }

    void write(Message message, WireWriter out) {
        writer.accept(type.cast(message), out);
    }
}
