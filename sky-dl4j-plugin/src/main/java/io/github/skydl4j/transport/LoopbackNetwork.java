package io.github.skydl4j.transport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints in one JVM that write and read every message as the network would, for tests of what is built on them.
 *
 * <p>Thread-safe.
 */
public final class LoopbackNetwork {
    private final MessageCodec codec;
    private final Map<String, LoopbackEndpoint> members = new LinkedHashMap<>();

    /** Creates a network without members, whose messages are those of the codec. */
    public LoopbackNetwork(MessageCodec codec) {
        this.codec = codec;
    }

    /** Admits a member; it and the others hear of one another. */
    public synchronized Endpoint join(String id) {
        if (members.containsKey(id)) {
            throw new IllegalArgumentException(id + " is a member already");
        }
        LoopbackEndpoint endpoint = new LoopbackEndpoint(this, id, codec);
        for (LoopbackEndpoint other : members.values()) {
            other.meet(id);
            endpoint.meet(other.id());
        }
        members.put(id, endpoint);
        return endpoint;
    }

    /** Ends a member as a crash would: the others hear that it is lost, and it hears that they are. */
    public void drop(String id) {
        remove(id, "no sign of life");
    }

    synchronized @Nullable LoopbackEndpoint member(String id) {
        return members.get(id);
    }

    void remove(String id, String why) {
        LoopbackEndpoint gone;
        List<LoopbackEndpoint> others;
        synchronized (this) {
            gone = members.remove(id);
            others = List.copyOf(members.values());
        }
        if (gone != null) {
            for (LoopbackEndpoint other : others) {
                other.lose(id, why);
                gone.lose(other.id(), why);
            }
        }
    }
}
