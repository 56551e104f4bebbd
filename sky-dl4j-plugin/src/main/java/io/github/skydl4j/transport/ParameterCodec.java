package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.parameterserver.distributed.v2.enums.MeshBuildMode;
import org.nd4j.parameterserver.distributed.v2.messages.INDArrayMessage;
import org.nd4j.parameterserver.distributed.v2.messages.RequestMessage;
import org.nd4j.parameterserver.distributed.v2.messages.ResponseMessage;
import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;
import org.nd4j.parameterserver.distributed.v2.messages.impl.GradientsUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.messages.impl.MeshUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.messages.impl.base.BaseVoidMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeResponse;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.ModelParametersMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.ModelParametersRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.UpdaterParametersMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.UpdaterParametersRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.ping.PingMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.ping.PongMessage;
import org.nd4j.parameterserver.distributed.v2.util.MeshOrganizer;

/**
 * The messages of DL4J's parameter server that may travel, and no others: none is an object stream.
 *
 * <pre>
 *   +---------+--------------+--------------+--------------+--------------------+-----------
 *   | kind u8 | originator ? | message id ? | request id ? | transfer i64       | fields ...
 *   +---------+--------------+--------------+--------------+--------------------+-----------
 *   kinds: 1 handshake request     5 pong                       9 updater parameters
 *          2 handshake response    6 model parameters request  10 gradients update
 *          3 mesh update           7 model parameters
 *          4 ping                  8 updater parameters request
 * </pre>
 *
 * A question mark is a byte, 1 if the text follows and 0 if there is none. A mesh is its root, version, and the names of
 * its members. An array is its {@link TensorHeader}, and its elements if transfer is 0.
 */
final class ParameterCodec {
    private static final int MAX_MESH_VERSION = 1_000_000;

    private final long maxArrayBytes;

    /** Creates a codec that refuses to make larger arrays. */
    ParameterCodec(long maxArrayBytes) {
        this.maxArrayBytes = maxArrayBytes;
    }

    List<MessageType<?>> types() {
        return List.of(
                new MessageType<>(1, ParameterMessage.class, ParameterCodec::write, this::read),
                new MessageType<>(
                        2,
                        ArrayPart.class,
                        (part, out) -> {
                            out.i64(part.transfer());
                            out.bytes(part.elements());
                        },
                        in -> new ArrayPart(in.i64(), ByteBuffer.wrap(in.bytes()))));
    }

    private static void write(ParameterMessage message, WireWriter out) {
        VoidMessage content = message.content();
        out.u8(kind(content));
        optional(content.getOriginatorId(), out);
        optional(content.getMessageId(), out);
        optional(requestId(content), out);
        out.i64(message.transfer());
        if (content instanceof HandshakeResponse response) {
            out.bool(response.isRestart());
            mesh(response.getMesh(), out);
        } else if (content instanceof MeshUpdateMessage update) {
            optional(update.getRelayId(), out);
            mesh(update.getMesh(), out);
        } else if (content instanceof ModelParametersMessage parameters) {
            out.i32(parameters.getIterationNumber());
            out.i32(parameters.getEpochNumber());
        } else if (content instanceof UpdaterParametersMessage parameters) {
            out.bool(parameters.isFinalState());
        } else if (content instanceof GradientsUpdateMessage update) {
            optional(update.getRelayId(), out);
            out.i32(update.getIteration());
            out.i32(update.getEpoch());
        }
        if (content instanceof INDArrayMessage carrier) {
            array(carrier.getPayload(), message.transfer() != 0, out);
        }
    }

    private static int kind(VoidMessage content) {
        if (content instanceof HandshakeRequest) {
            return 1;
        } else if (content instanceof HandshakeResponse) {
            return 2;
        } else if (content instanceof MeshUpdateMessage) {
            return 3;
        } else if (content instanceof PingMessage) {
            return 4;
        } else if (content instanceof PongMessage) {
            return 5;
        } else if (content instanceof ModelParametersRequest) {
            return 6;
        } else if (content instanceof ModelParametersMessage) {
            return 7;
        } else if (content instanceof UpdaterParametersRequest) {
            return 8;
        } else if (content instanceof UpdaterParametersMessage) {
            return 9;
        } else if (content instanceof GradientsUpdateMessage) {
            return 10;
        }
        throw new IllegalArgumentException(
                content.getClass().getSimpleName() + " may not travel: it is not listed in the codec");
    }

    private ParameterMessage read(WireReader in) {
        int kind = in.u8();
        String originator = optional(in);
        String messageId = optional(in);
        String requestId = optional(in);
        long transfer = in.i64();
        VoidMessage content = switch (kind) {
            case 1 -> new HandshakeRequest();
            case 2 -> {
                boolean restart = in.bool();
                yield HandshakeResponse.builder()
                        .restart(restart)
                        .mesh(mesh(in))
                        .build();
            }
            case 3 -> meshUpdate(in);
            case 4 -> new PingMessage();
            case 5 -> new PongMessage();
            case 6 -> new ModelParametersRequest();
            case 7 -> modelParameters(in, messageId, transfer);
            case 8 -> new UpdaterParametersRequest();
            case 9 -> updaterParameters(in, messageId, transfer);
            case 10 -> gradients(in, messageId, transfer);
            default -> throw new MalformedFrameException("parameter message of kind " + kind);
        };
        content.setOriginatorId(originator);
        if (content instanceof BaseVoidMessage base) {
            base.setMessageId(messageId);
        }
        if (content instanceof RequestMessage request) {
            request.setRequestId(requestId);
        } else if (content instanceof ResponseMessage response) {
            response.setRequestId(requestId);
        }
        if (transfer != 0 && !(content instanceof INDArrayMessage carrier && carrier.getPayload() != null)) {
            throw new MalformedFrameException("a transfer without an array");
        }
        return new ParameterMessage(content, transfer);
    }

    private static MeshUpdateMessage meshUpdate(WireReader in) {
        String relay = optional(in);
        MeshUpdateMessage update = new MeshUpdateMessage(mesh(in));
        update.setRelayId(relay);
        return update;
    }

    private ModelParametersMessage modelParameters(WireReader in, @Nullable String messageId, long transfer) {
        int iteration = in.i32();
        int epoch = in.i32();
        ModelParametersMessage parameters = new ModelParametersMessage(needed(messageId), array(in, transfer));
        parameters.setIterationNumber(iteration);
        parameters.setEpochNumber(epoch);
        return parameters;
    }

    private UpdaterParametersMessage updaterParameters(WireReader in, @Nullable String messageId, long transfer) {
        boolean last = in.bool();
        UpdaterParametersMessage parameters = new UpdaterParametersMessage(needed(messageId), array(in, transfer));
        parameters.setFinalState(last);
        return parameters;
    }

    private GradientsUpdateMessage gradients(WireReader in, @Nullable String messageId, long transfer) {
        String relay = optional(in);
        int iteration = in.i32();
        int epoch = in.i32();
        GradientsUpdateMessage update = new GradientsUpdateMessage(needed(messageId), array(in, transfer));
        update.setRelayId(relay);
        update.setIteration(iteration);
        update.setEpoch(epoch);
        return update;
    }

    private static void array(@Nullable INDArray array, boolean headerAlone, WireWriter out) {
        out.bool(array != null);
        if (array != null && headerAlone) {
            TensorHeader.of(array).write(out);
        } else if (array != null) {
            out.tensor(array);
        }
    }

    private @Nullable INDArray array(WireReader in, long transfer) {
        if (!in.bool()) {
            return null;
        }
        if (transfer == 0) {
            return in.tensor();
        }
        TensorHeader header = TensorHeader.read(in);
        if (header.bytes() == 0 || header.bytes() > maxArrayBytes) {
            throw new MalformedFrameException(
                    "an array of " + header.bytes() + " bytes, at most " + maxArrayBytes + " may come");
        }
        return header.allocate();
    }

    private static void mesh(MeshOrganizer mesh, WireWriter out) {
        optional(mesh.getRootNode().getId(), out);
        out.i64(mesh.getVersion());
        List<String> members = new ArrayList<>();
        mesh.flatNodes().forEach(node -> members.add(node.getId()));
        out.list(members, WireWriter::text);
    }

    /** All members hang below the root; a version cannot be set, only counted up. */
    @SuppressWarnings("deprecation") // the only way to say that
    private static MeshOrganizer mesh(WireReader in) {
        String root = optional(in);
        long version = in.i64();
        List<String> members = in.list(WireReader::text);
        if (version < members.size() || version > MAX_MESH_VERSION) {
            throw new MalformedFrameException("a mesh of version " + version);
        }
        MeshOrganizer mesh = new MeshOrganizer(MeshBuildMode.PLAIN);
        mesh.getRootNode().setId(root);
        members.forEach(mesh::addNode);
        while (mesh.getVersion() < version && !members.isEmpty()) {
            mesh.remapNode(members.get(0));
        }
        return mesh;
    }

    private static @Nullable String requestId(VoidMessage content) {
        if (content instanceof RequestMessage request) {
            return request.getRequestId();
        }
        return content instanceof ResponseMessage response ? response.getRequestId() : null;
    }

    private static void optional(@Nullable String text, WireWriter out) {
        out.bool(text != null);
        if (text != null) {
            out.text(text);
        }
    }

    private static @Nullable String optional(WireReader in) {
        return in.bool() ? in.text() : null;
    }

    private static String needed(@Nullable String messageId) {
        if (messageId == null) {
            throw new MalformedFrameException("a message without its id");
        }
        return messageId;
    }
}
