package io.github.skydl4j.cluster;

import io.github.skydl4j.pipeline.StageResult;
import io.github.skydl4j.transport.Message;
import io.github.skydl4j.transport.MessageCodec;
import io.github.skydl4j.transport.MessageType;
import io.github.skydl4j.transport.WireReader;
import io.github.skydl4j.transport.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Numbers and fields of the messages between coordinator and workers. A number, once given, keeps its meaning. */
public final class ClusterCodec {
    private static final int ORDERS = MessageType.FIRST_FREE_NUMBER;
    private static final int REPORTS = ORDERS + 50;
    private static final int STATE = ORDERS + 100;

    private ClusterCodec() {}

    /** The codec for an endpoint that takes part in a run. */
    public static MessageCodec codec() {
        return MessageCodec.of(types());
    }

    /** The messages, for a codec that has others too. */
    public static List<MessageType<?>> types() {
        List<MessageType<?>> types = new ArrayList<>(orders());
        types.addAll(reports());
        types.add(type(STATE, StatePart.class, ClusterCodec::writePart, ClusterCodec::readPart));
        types.add(type(
                STATE + 1,
                StateEnd.class,
                (message, out) -> {
                    out.i64(message.stream());
                    out.i32(message.parts());
                },
                in -> new StateEnd(in.i64(), in.i32())));
        return types;
    }

    private static List<MessageType<?>> orders() {
        return List.of(
                type(
                        ORDERS,
                        Order.Welcome.class,
                        (message, out) -> out.i64(message.epoch()),
                        in -> new Order.Welcome(in.i64())),
                type(
                        ORDERS + 1,
                        Order.Echo.class,
                        (message, out) -> {
                            out.i32(message.id());
                            out.tensor(message.payload());
                        },
                        in -> new Order.Echo(in.i32(), in.tensor())),
                type(ORDERS + 2, Order.Measure.class, StageFields::writeMeasure, StageFields::readMeasure),
                type(
                        ORDERS + 3,
                        Order.Regroup.class,
                        (message, out) -> out.i64(message.epoch()),
                        in -> new Order.Regroup(in.i64())),
                type(ORDERS + 4, Order.Host.class, StageFields::writeHost, StageFields::readHost),
                type(ORDERS + 5, Order.Feed.class, BatchFields::writeFeed, BatchFields::readFeed),
                type(ORDERS + 6, Order.Train.class, BatchFields::writeTrain, BatchFields::readTrain),
                type(
                        ORDERS + 7,
                        Order.Update.class,
                        (message, out) -> {
                            out.i64(message.step());
                            out.i32(message.rows());
                            out.i32(message.iteration());
                            out.i32(message.epoch());
                        },
                        in -> new Order.Update(in.i64(), in.i32(), in.i32(), in.i32())),
                type(
                        ORDERS + 8,
                        Order.Infer.class,
                        (message, out) -> out.i64(message.step()),
                        in -> new Order.Infer(in.i64())),
                type(
                        ORDERS + 9,
                        Order.Copy.class,
                        (message, out) -> out.i64(message.stream()),
                        in -> new Order.Copy(in.i64())),
                type(
                        ORDERS + 10,
                        Order.Taken.class,
                        (message, out) -> out.i64(message.stream()),
                        in -> new Order.Taken(in.i64())),
                type(
                        ORDERS + 11,
                        Order.Release.class,
                        (message, out) -> out.text(message.why()),
                        in -> new Order.Release(in.text())),
                type(ORDERS + 13, Order.Fetch.class, BatchFields::writeFetch, BatchFields::readFetch),
                type(
                        ORDERS + 12,
                        Order.ReadClock.class,
                        (message, out) -> out.i64(message.sentNanos()),
                        in -> new Order.ReadClock(in.i64())));
    }

    private static List<MessageType<?>> reports() {
        return List.of(
                type(
                        REPORTS,
                        Report.Hello.class,
                        (message, out) -> {
                            WorkerTraits traits = message.traits();
                            out.i32(traits.cores());
                            out.i64(traits.memoryBytes());
                            out.text(traits.device());
                            out.f64(traits.slowdown());
                        },
                        in -> new Report.Hello(new WorkerTraits(in.i32(), in.i64(), in.text(), in.f64()))),
                type(
                        REPORTS + 1,
                        Report.Echoed.class,
                        (message, out) -> out.i32(message.id()),
                        in -> new Report.Echoed(in.i32())),
                type(
                        REPORTS + 2,
                        Report.Measured.class,
                        (message, out) -> {
                            out.i64(message.nanos());
                            out.i64(message.memoryBytes());
                        },
                        in -> new Report.Measured(in.i64(), in.i64())),
                type(
                        REPORTS + 3,
                        Report.Regrouped.class,
                        (message, out) -> out.i64(message.epoch()),
                        in -> new Report.Regrouped(in.i64())),
                type(REPORTS + 4, Report.Built.class, (message, out) -> {}, in -> new Report.Built()),
                type(
                        REPORTS + 5,
                        Report.Ready.class,
                        (message, out) -> out.i64(message.memoryBytes()),
                        in -> new Report.Ready(in.i64())),
                type(REPORTS + 6, Report.Trained.class, ClusterCodec::writeTrained, ClusterCodec::readTrained),
                type(
                        REPORTS + 7,
                        Report.Updated.class,
                        (message, out) -> {
                            out.i64(message.step());
                            out.i64(message.busyNanos());
                            out.i64(message.memoryBytes());
                            message.done().write(out);
                        },
                        in -> new Report.Updated(in.i64(), in.i64(), in.i64(), StageDiary.read(in))),
                type(REPORTS + 8, Report.Output.class, BatchFields::writeOutput, BatchFields::readOutput),
                type(
                        REPORTS + 9,
                        Report.Inferred.class,
                        (message, out) -> out.i64(message.step()),
                        in -> new Report.Inferred(in.i64())),
                type(
                        REPORTS + 10,
                        Report.Broken.class,
                        (message, out) -> {
                            out.i64(message.epoch());
                            out.i32(message.stage());
                            out.text(message.text());
                            out.bool(message.consequence());
                        },
                        in -> new Report.Broken(in.i64(), in.i32(), in.text(), in.bool())),
                type(REPORTS + 11, Report.Leaving.class, (message, out) -> {}, in -> new Report.Leaving()),
                type(REPORTS + 13, Report.Fetched.class, BatchFields::writeFetched, BatchFields::readFetched),
                type(
                        REPORTS + 12,
                        Report.Clock.class,
                        (message, out) -> {
                            out.i64(message.sentNanos());
                            out.i64(message.receivedNanos());
                            out.i64(message.answeredNanos());
                        },
                        in -> new Report.Clock(in.i64(), in.i64(), in.i64())));
    }

    private static <M extends Message> MessageType<M> type(
            int number, Class<M> type, BiConsumer<M, WireWriter> writer, Function<WireReader, M> reader) {
        return new MessageType<>(number, type, writer, reader);
    }

    private static void writeTrained(Report.Trained message, WireWriter out) {
        StageResult result = message.result();
        out.i64(message.step());
        out.f64(result.lossSum());
        out.f64(result.penalty());
        out.i64(result.busyNanos());
        out.i64(result.forwardNanos());
        out.i64(result.backwardNanos());
        out.i64(result.transferNanos());
    }

    private static Report.Trained readTrained(WireReader in) {
        return new Report.Trained(
                in.i64(), new StageResult(in.f64(), in.f64(), in.i64(), in.i64(), in.i64(), in.i64()));
    }

    static void writePart(StatePart part, WireWriter out) {
        out.i64(part.stream());
        out.text(part.unit());
        out.text(part.parameter());
        out.i32(part.section());
        out.i64(part.length());
        out.i64(part.offset());
        out.tensor(part.values());
    }

    static StatePart readPart(WireReader in) {
        return new StatePart(in.i64(), in.text(), in.text(), in.i32(), in.i64(), in.i64(), in.tensor());
    }
}
