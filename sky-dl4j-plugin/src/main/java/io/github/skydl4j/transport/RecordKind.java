package io.github.skydl4j.transport;

/** What a record carries. Numbers on the wire; they stay. */
final class RecordKind {
    /** Nothing: a sign of life. */
    static final int HEARTBEAT = 1;
    /** The first part of a message: its length (i32), then bytes. */
    static final int MESSAGE_START = 2;
    /** The next bytes of a message. */
    static final int MESSAGE_PART = 3;
    /** The sender leaves. */
    static final int GOODBYE = 4;
    /** From the coordinator: a member (id, host, door). */
    static final int MEMBER = 5;
    /** From the coordinator: a member has gone (id, why). */
    static final int GONE = 6;
    /** The receiving end of a boundary channel is open (channel id, Aeron session to publish with). */
    static final int CHANNEL_OPEN = 7;
    /** An end of a boundary channel is closed (channel id, true if the receiving end). */
    static final int CHANNEL_CLOSED = 8;
    /** The first part of a tensor message's head: its length (i32), then bytes. */
    static final int HEAD_START = 9;
    /** The next bytes of the head. */
    static final int HEAD_PART = 10;
    /** The next bytes of an array. */
    static final int ELEMENTS = 11;

    private RecordKind() {}
}
