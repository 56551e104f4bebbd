package io.github.skydl4j.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** An object that does something when it is read: it says {@link #RAN} and notes it in a system property. */
final class PlantedObject implements Serializable {
    static final String RAN = "the planted object ran";
    private static final String PROPERTY = "sky.test.planted";
    private static final long serialVersionUID = 1L;

    static byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new PlantedObject());
        }
        return bytes.toByteArray();
    }

    static boolean hasRun() {
        return System.getProperty(PROPERTY) != null;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        System.setProperty(PROPERTY, RAN);
        System.out.println(RAN);
    }
}
