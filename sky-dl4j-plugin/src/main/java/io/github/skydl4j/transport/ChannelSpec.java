package io.github.skydl4j.transport;

import io.github.skydl4j.plan.WireType;

/**
 * A boundary channel between two endpoints, one direction. Both ends name the same id, capacity and form.
 *
 * @param id the channel's number among those between the two endpoints in this direction; a closed one's may be used again
 * @param capacity most messages under way, from the schedule
 * @param form what its messages are
 * @param wire how floating-point elements travel
 */
public record ChannelSpec<T>(long id, int capacity, TensorForm<T> form, WireType wire) {
    public ChannelSpec {
        if (capacity < 1) {
            throw new IllegalArgumentException("channel " + id + " needs a capacity of at least 1, not " + capacity);
        }
    }
}
