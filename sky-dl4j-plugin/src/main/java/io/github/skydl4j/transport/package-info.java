/**
 * Carries messages and tensors between the JVMs of a run: sealed, in order, without Java serialization. {@link
 * io.github.skydl4j.transport.Endpoint} is what the rest of Sky-DL4J sees.
 */
@NullMarked
package io.github.skydl4j.transport;

import org.jspecify.annotations.NullMarked;
