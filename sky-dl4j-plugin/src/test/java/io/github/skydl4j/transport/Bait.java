package io.github.skydl4j.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/** Classes that are on the class path and that nothing but a frame names: who loads one has believed the frame. */
final class Bait {
    private static final String PREFIX = Bait.class.getName() + "$";

    /** The class that nobody may load. */
    static final String NAME = PREFIX + "Name";

    /** The class for the reader that does: a class is loaded only once, so it needs one of its own. */
    static final String SWALLOWED = PREFIX + "Gulp";

    /** Another one, for the endpoint that does. */
    static final String BITTEN = PREFIX + "Bite";

    private Bait() {}

    @SuppressWarnings("unused") // by its name
    private static final class Name implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    @SuppressWarnings("unused") // by its name
    private static final class Gulp implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    @SuppressWarnings("unused") // by its name
    private static final class Bite {}

    /** What the others would be if they were serialized without being loaded. */
    private static final class Form implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** A serialized object of the class that nobody may load. */
    static byte[] bytes() throws IOException {
        return bytes(NAME);
    }

    /** A serialized object of a class, which is not loaded for it. */
    static byte[] bytes(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Form());
        }
        String stream = bytes.toString(StandardCharsets.ISO_8859_1);
        return stream.replace(Form.class.getName(), name).getBytes(StandardCharsets.ISO_8859_1);
    }
}
