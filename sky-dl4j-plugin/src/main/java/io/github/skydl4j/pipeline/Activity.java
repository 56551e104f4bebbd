package io.github.skydl4j.pipeline;

/** What a stage, or the link to it, is doing. */
public enum Activity {
    /** The forward of a micro-batch, the emulation's idling included. */
    FORWARD,
    /** The backward of a micro-batch, likewise. */
    BACKWARD,
    /** Hands a message over to the link. */
    SEND,
    /** Takes a message that has arrived. */
    RECEIVE,
    /** Waits for a message that its neighbour has not sent yet. */
    INPUT_WAIT,
    /** Waits for a message that is on its way. */
    LINK_WAIT,
    /** A message occupies the link; told by the stage that receives it. */
    TRANSFER,
    /** The update of the stage's parameters; of no micro-batch. */
    UPDATE;

    /** Whether the worker computes. */
    public boolean isWork() {
        return this == FORWARD || this == BACKWARD || this == UPDATE;
    }
}
