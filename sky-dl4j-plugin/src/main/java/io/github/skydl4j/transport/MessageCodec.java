package io.github.skydl4j.transport;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages that may travel. What is not listed is neither written nor read: no class is looked up by a name from the
 * network.
 *
 * <pre>
 *   0        1                 3
 *   +--------+--------+--------+----------------
 *   |version |  number (u16)   | fields ...
 *   +--------+--------+--------+----------------
 * </pre>
 *
 * <p>Immutable.
 */
public final class MessageCodec {
    static final int VERSION = 1;

    private final Map<Integer, MessageType<?>> byNumber = new HashMap<>();
    private final Map<Class<?>, MessageType<?>> byClass = new HashMap<>();

    private MessageCodec(Collection<MessageType<?>> types) {
        for (MessageType<?> type : types) {
            MessageType<?> other = byNumber.put(type.number(), type);
            if (other != null) {
                throw new IllegalArgumentException("message number " + type.number() + " is given to both "
                        + other.type().getSimpleName() + " and "
                        + type.type().getSimpleName());
            }
            if (byClass.put(type.type(), type) != null) {
                throw new IllegalArgumentException(type.type().getSimpleName() + " is listed twice");
            }
        }
    }

    /**
     * A codec of these messages.
     *
     * @throws IllegalArgumentException if two share a number or a class
     */
    public static MessageCodec of(MessageType<?>... types) {
        return new MessageCodec(List.of(types));
    }

    /** A codec of these messages. */
    public static MessageCodec of(Collection<MessageType<?>> types) {
        return new MessageCodec(types);
    }

    /**
     * Writes version, number and fields.
     *
     * @throws IllegalArgumentException if the message is not listed
     */
    public void write(Message message, WireWriter out) {
        MessageType<?> type = byClass.get(message.getClass());
        if (type == null) {
            throw new IllegalArgumentException(
                    message.getClass().getSimpleName() + " may not travel: it is not listed in the codec");
        }
        out.u8(VERSION);
        out.u16(type.number());
        type.write(message, out);
    }

    /**
     * Reads one message, which must fill the reader.
     *
     * @throws MalformedFrameException if it is anything but a listed message
     */
    public Message read(WireReader in) {
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedFrameException("message of version " + version + ", not " + VERSION);
        }
        int number = in.u16();
        MessageType<?> type = byNumber.get(number);
        if (type == null) {
            throw new MalformedFrameException("message number " + number + " is not listed");
        }
        Message message;
        try {
            message = type.reader().apply(in);
        } catch (MalformedFrameException e) {
            throw e;
        } catch (RuntimeException e) {
            // Records validate their fields; a peer that sends bad ones must not end the thread that reads them.
            throw new MalformedFrameException("a bad " + type.type().getSimpleName() + ": " + e.getMessage(), e);
        }
        in.end();
        return message;
    }
}
