package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.schedule.Action;
import io.github.skydl4j.transport.WireReader;
import io.github.skydl4j.transport.WireWriter;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Fields of the messages about steps. */
final class BatchFields {
    private BatchFields() {}

    static void writeFeed(Order.Feed message, WireWriter out) {
        out.i64(message.step());
        out.list(message.batch(), BatchFields::writeMicroBatch);
    }

    static Order.Feed readFeed(WireReader in) {
        return new Order.Feed(in.i64(), in.list(BatchFields::readMicroBatch));
    }

    static void writeFetch(Order.Fetch message, WireWriter out) {
        out.i64(message.step());
        out.text(message.batch().path());
        out.text(message.batch().next());
        out.list(message.inputs(), WireWriter::text);
        out.list(message.outputs(), WireWriter::text);
        out.i32(message.microBatches());
    }

    static Order.Fetch readFetch(WireReader in) {
        return new Order.Fetch(
                in.i64(),
                new StoredBatch(in.text(), in.text()),
                in.list(WireReader::text),
                in.list(WireReader::text),
                in.i32());
    }

    static void writeFetched(Report.Fetched message, WireWriter out) {
        out.i64(message.step());
        out.i32(message.rows());
        out.bool(message.masked());
    }

    static Report.Fetched readFetched(WireReader in) {
        return new Report.Fetched(in.i64(), in.i32(), in.bool());
    }

    static void writeTrain(Order.Train message, WireWriter out) {
        out.i64(message.step());
        out.list(message.actions(), (fields, action) -> {
            fields.bool(action.isForward());
            fields.i32(action.microBatch());
        });
        out.i32(message.iteration());
        out.i32(message.epoch());
    }

    static Order.Train readTrain(WireReader in) {
        return new Order.Train(
                in.i64(),
                in.list(fields -> fields.bool() ? Action.forward(fields.i32()) : Action.backward(fields.i32())),
                in.i32(),
                in.i32());
    }

    static void writeOutput(Report.Output message, WireWriter out) {
        out.i64(message.step());
        out.i32(message.microBatch());
        writeArrays(message.arrays(), out);
    }

    static Report.Output readOutput(WireReader in) {
        return new Report.Output(in.i64(), in.i32(), readArrays(in));
    }

    static void writeMicroBatch(WireWriter out, MicroBatch microBatch) {
        out.i32(microBatch.index());
        out.i32(microBatch.rows());
        out.i32(microBatch.offset());
        writeArrays(microBatch.features(), out);
        writeArrays(microBatch.featureMasks(), out);
        writeArrays(microBatch.labels(), out);
        writeArrays(microBatch.labelMasks(), out);
        out.bool(microBatch.masked());
    }

    static MicroBatch readMicroBatch(WireReader in) {
        return new MicroBatch(
                in.i32(),
                in.i32(),
                in.i32(),
                readArrays(in),
                readArrays(in),
                readArrays(in),
                readArrays(in),
                in.bool());
    }

    private static void writeArrays(Map<String, INDArray> arrays, WireWriter out) {
        out.list(arrays.entrySet(), (fields, entry) -> {
            fields.text(entry.getKey());
            fields.tensor(entry.getValue());
        });
    }

    private static Map<String, INDArray> readArrays(WireReader in) {
        Map<String, INDArray> arrays = new HashMap<>();
        in.each(fields -> arrays.put(fields.text(), fields.tensor()));
        return arrays;
    }
}
