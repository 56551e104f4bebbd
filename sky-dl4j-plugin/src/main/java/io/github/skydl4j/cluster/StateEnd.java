package io.github.skydl4j.cluster;

import io.github.skydl4j.transport.Message;

/** All parts of a stream have been sent. */
record StateEnd(long stream, int parts) implements Message {}
