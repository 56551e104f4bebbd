package io.github.skydl4j.transport;

import io.reactivex.Flowable;
import io.reactivex.disposables.Disposable;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.enums.MeshBuildMode;
import org.nd4j.parameterserver.distributed.v2.enums.PropagationMode;
import org.nd4j.parameterserver.distributed.v2.messages.BroadcastableMessage;
import org.nd4j.parameterserver.distributed.v2.messages.INDArrayMessage;
import org.nd4j.parameterserver.distributed.v2.messages.RequestMessage;
import org.nd4j.parameterserver.distributed.v2.messages.ResponseMessage;
import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;
import org.nd4j.parameterserver.distributed.v2.messages.impl.MeshUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeResponse;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.UpdaterParametersMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.UpdaterParametersRequest;
import org.nd4j.parameterserver.distributed.v2.transport.impl.BaseTransport;
import org.nd4j.parameterserver.distributed.v2.util.MeshOrganizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport under DL4J's unchanged {@code ModelParameterServer}: its messages travel as one listed kind of message of an
 * {@link Endpoint}, which it shares with whatever else the members tell each other. Who is admitted, sealing, signs of life
 * and back-pressure are the endpoint's.
 *
 * <p>Differences from the stock transport, each for a fault of it: no Java serialization; a star below the root instead of a
 * tree that must be repaired; answers are handled where they arrive and requests on threads of their own, so that a request
 * that itself asks somebody cannot starve its own answer; every wait ends, at the latest when the peer is lost; what is sent
 * to a lost peer is dropped instead of tried for ever.
 *
 * <p>Thread-safe. Shutting it down leaves the endpoint open.
 */
public final class SkyTransport extends BaseTransport {
    private static final Logger LOG = LoggerFactory.getLogger(SkyTransport.class);
    private static final int REQUEST_THREADS = 8;
    private static final int MAX_QUEUED = 256;
    private static final int MAX_TRANSFERS = 64;
    private static final long FULL_QUEUE_SECONDS = 5;

    /** Stands for "no such member" where the parameter server expects a name. */
    private static final String NOBODY = "";

    /** An array on its way in. */
    private record Transfer(String peer, INDArrayMessage message, ByteBuffer missing) {}

    private final Endpoint endpoint;
    private final Duration answerLimit;
    private final AtomicLong transfers = new AtomicLong();
    private final Map<String, Question> questions = new ConcurrentHashMap<>();
    /** By peer and number; the dispatcher thread's. */
    private final Map<String, Transfer> incoming = new HashMap<>();

    private final ThreadPoolExecutor requests;
    private final ThreadPoolExecutor updates;
    private @Nullable Disposable outgoing;

    /** A request that waits for its answer. */
    private record Question(String peer, CompletableFuture<ResponseMessage> answer) {}

    /**
     * Creates a transport.
     *
     * @param endpoint its codec has {@link #messages}
     * @param rootId the member that holds the parameters, usually the coordinator
     * @param answerLimit longest wait for an answer where the caller names none
     */
    public SkyTransport(Endpoint endpoint, String rootId, VoidConfiguration configuration, Duration answerLimit) {
        super(endpoint.id(), rootId, configuration);
        this.endpoint = endpoint;
        this.answerLimit = answerLimit;
        mesh.set(star(rootId));
        requests = pool("requests", REQUEST_THREADS);
        updates = pool("updates", 1);
    }

    /**
     * The messages of the parameter server, to be listed in the endpoint's codec.
     *
     * @param maxArrayBytes most bytes of an array that is taken
     */
    public static List<MessageType<?>> messages(long maxArrayBytes) {
        return new ParameterCodec(maxArrayBytes).types();
    }

    @Override
    public String id() {
        return endpoint.id();
    }

    /** Starts as an ordinary member: introduces it to the root, and waits for the answer. */
    @Override
    public synchronized void launch() {
        start();
        HandshakeRequest request = new HandshakeRequest();
        try {
            sendMessageBlocking(request, rootId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + rootId, e);
        }
    }

    /** Starts as the root. */
    @Override
    public synchronized void launchAsMaster() {
        masterMode = true;
        start();
    }

    @Override
    public synchronized void shutdown() {
        if (outgoing != null) {
            outgoing.dispose();
        }
        requests.shutdownNow();
        updates.shutdownNow();
        questions
                .values()
                .forEach(question -> question.answer()
                        .completeExceptionally(new PeerLostException(question.peer(), "this transport is shut down")));
        super.shutdown();
    }

    /** Sends a message; what is for a lost peer is dropped. */
    @Override
    public void sendMessage(VoidMessage message, String to) {
        if (message.getOriginatorId() == null) {
            message.setOriginatorId(id());
        }
        if (message instanceof RequestMessage request && request.getRequestId() == null) {
            request.setRequestId(UUID.randomUUID().toString());
        }
        if (to.equals(id())) {
            processMessage(message);
            return;
        }
        try {
            transmit(message, to);
        } catch (PeerLostException e) {
            LOG.debug("Dropped {}: {}", message.getClass().getSimpleName(), e.getMessage());
            fail(to, e);
        }
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws IllegalStateException if there is none within the limit, or the peer is lost
     */
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // the interface says so
    public <T extends ResponseMessage> T sendMessageBlocking(RequestMessage message, String to)
            throws InterruptedException {
        T answer = sendMessageBlocking(message, to, answerLimit.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null) {
            throw new IllegalStateException("no answer from " + to + " to "
                    + message.getClass().getSimpleName() + " within " + answerLimit.toSeconds()
                    + " s: is its parameter server launched?");
        }
        return answer;
    }

    /** Sends a request and waits for its answer; null if there is none within the limit. */
    @Override
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // the interface lets null mean "none"
    public <T extends ResponseMessage> T sendMessageBlocking(
            RequestMessage message, String to, long limit, TimeUnit unit) throws InterruptedException {
        if (to.equals(NOBODY) && message instanceof UpdaterParametersRequest) {
            return (T) new UpdaterParametersMessage(UUID.randomUUID().toString(), null);
        }
        if (message.getRequestId() == null) {
            message.setRequestId(UUID.randomUUID().toString());
        }
        Question question = new Question(to, new CompletableFuture<>());
        questions.put(message.getRequestId(), question);
        try {
            sendMessage(message, to);
            return (T) question.answer().get(limit, unit);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("no answer from " + to + ": " + e.getCause(), e.getCause());
        } finally {
            questions.remove(message.getRequestId());
        }
    }

    /** Acts on a message, on another thread. */
    @Override
    public void processMessage(VoidMessage message) {
        if (message instanceof ResponseMessage response && !(message instanceof HandshakeResponse)) {
            answer(response);
        } else if (message instanceof INDArrayMessage || message instanceof BroadcastableMessage) {
            updates.execute(() -> act(message));
        } else {
            requests.execute(() -> act(message));
        }
    }

    /** A member other than {@code exclude} that is there; a name that stands for nobody if there is none. */
    @Override
    public String getRandomDownstreamFrom(String from, @Nullable String exclude) {
        return mesh.get().getDownstreamsForNode(from).stream()
                .map(MeshOrganizer.Node::getId)
                .filter(member -> !member.equals(exclude) && endpoint.peers().contains(member))
                .findAny()
                .orElse(NOBODY);
    }

    @Override
    public boolean isConnected() {
        return masterMode || endpoint.peers().contains(rootId);
    }

    @Override
    protected void propagateArrayMessage(INDArrayMessage message, PropagationMode mode) {
        MeshOrganizer.Node self = mesh.get().getNodeById(id());
        if (!self.isRootNode() && mode != PropagationMode.ONLY_DOWN) {
            sendMessage(message, self.getUpstreamNode().getId());
        }
        if (mode != PropagationMode.ONLY_UP) {
            self.getDownstreamNodes().forEach(member -> sendMessage(message, member.getId()));
        }
    }

    private void start() {
        outgoing = Flowable.fromPublisher(outgoingFlow).subscribe(message -> {
            message.setOriginatorId(id());
            propagateMessage(message, PropagationMode.BOTH_WAYS);
        });
        endpoint.listen(new Listener());
    }

    private void transmit(VoidMessage message, String to) {
        INDArray payload = message instanceof INDArrayMessage carrier ? carrier.getPayload() : null;
        if (payload == null || payload.length() * payload.dataType().width() <= ArrayPart.BYTES) {
            endpoint.send(to, new ParameterMessage(message, 0));
            return;
        }
        long transfer = transfers.incrementAndGet();
        INDArray dense = ArrayBytes.dense(payload);
        try {
            ByteBuffer elements = ArrayBytes.of(dense);
            endpoint.send(to, new ParameterMessage(message, transfer));
            while (elements.hasRemaining()) {
                int length = Math.min(ArrayPart.BYTES, elements.remaining());
                endpoint.send(to, new ArrayPart(transfer, elements.slice(elements.position(), length)));
                elements.position(elements.position() + length);
            }
        } finally {
            Reference.reachabilityFence(dense);
        }
    }

    private void act(VoidMessage message) {
        try {
            internalProcessMessage(message);
            if (message instanceof HandshakeResponse response) {
                replies.remove(response.getRequestId());
                answer(response);
            }
        } catch (RuntimeException e) {
            LOG.warn("{} of {} has failed", message.getClass().getSimpleName(), message.getOriginatorId(), e);
        }
    }

    private void answer(ResponseMessage response) {
        String requestId = response.getRequestId();
        Question question = requestId == null ? null : questions.get(requestId);
        if (question != null) {
            question.answer().complete(response);
        }
    }

    private void fail(String peer, PeerLostException cause) {
        for (Question question : questions.values()) {
            if (question.peer().equals(peer)) {
                question.answer().completeExceptionally(cause);
            }
        }
    }

    @SuppressWarnings("deprecation") // the only way to say that
    private static MeshOrganizer star(String rootId) {
        MeshOrganizer star = new MeshOrganizer(MeshBuildMode.PLAIN);
        star.getRootNode().setId(rootId);
        return star;
    }

    private ThreadPoolExecutor pool(String what, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_QUEUED),
                work -> {
                    Thread thread = new Thread(work, "sky-parameter-" + what + "-" + id());
                    thread.setDaemon(true);
                    return thread;
                },
                SkyTransport::waitForRoom);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Holds back the peers for a moment; after that the message is dropped. */
    private static void waitForRoom(Runnable work, ThreadPoolExecutor pool) {
        try {
            if (!pool.isShutdown() && !pool.getQueue().offer(work, FULL_QUEUE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Dropped a message: {} wait already", MAX_QUEUED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes the parameter server's messages out of what the endpoint receives. */
    private final class Listener implements MessageListener {
        @Override
        public void received(String peer, Message message) {
            if (message instanceof ParameterMessage parameter) {
                take(peer, parameter);
            } else if (message instanceof ArrayPart part) {
                take(peer, part);
            }
        }

        @Override
        public void lost(String peer, String why) {
            incoming.values().removeIf(transfer -> transfer.peer().equals(peer));
            fail(peer, new PeerLostException(peer, why));
        }

        private void take(String peer, ParameterMessage parameter) {
            VoidMessage content = parameter.content();
            if (!(content instanceof BroadcastableMessage)) {
                content.setOriginatorId(peer); // who it is from, not who it says
            } else if (content instanceof MeshUpdateMessage && !peer.equals(rootId)) {
                LOG.warn("Refused a mesh from {}, which is not the root", peer);
                return;
            }
            if (parameter.transfer() == 0) {
                processMessage(content);
            } else if (incoming.size() < MAX_TRANSFERS) {
                INDArrayMessage carrier = (INDArrayMessage) content;
                incoming.put(
                        peer + " " + parameter.transfer(),
                        new Transfer(peer, carrier, ArrayBytes.of(carrier.getPayload())));
            } else {
                LOG.warn("Dropped an array of {}: {} are under way", peer, MAX_TRANSFERS);
            }
        }

        private void take(String peer, ArrayPart part) {
            String number = peer + " " + part.transfer();
            Transfer transfer = incoming.get(number);
            if (transfer == null) {
                return;
            }
            if (part.elements().remaining() > transfer.missing().remaining()) {
                LOG.warn("Dropped an array of {}: more elements came than it has", peer);
                incoming.remove(number);
                return;
            }
            transfer.missing().put(part.elements());
            if (!transfer.missing().hasRemaining()) {
                incoming.remove(number);
                ArrayBytes.written(transfer.message().getPayload());
                processMessage(transfer.message());
            }
        }
    }
}
