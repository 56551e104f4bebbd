package io.github.skydl4j.transport;

/** What members of a run tell each other: usually a record, listed with its number in a {@link MessageCodec}. */
public interface Message {}
