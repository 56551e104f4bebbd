package io.github.skydl4j.transport;

import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;

/**
 * A message of DL4J's parameter server on its way between endpoints.
 *
 * @param content one of those that {@link ParameterCodec} lists
 * @param transfer 0 if the message is complete; else a number that the {@link ArrayPart}s have, by which the elements of its
 *     array follow
 */
record ParameterMessage(VoidMessage content, long transfer) implements Message {}
