package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.StageBlueprint;
import io.github.skydl4j.graph.StageSpec;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.transport.MalformedFrameException;
import io.github.skydl4j.transport.WireReader;
import io.github.skydl4j.transport.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Fields of the messages that describe stages. */
final class StageFields {
    /** Numbers on the wire are places in this list, and stay. */
    private static final List<WireType> WIRE_TYPES = List.of(WireType.EXACT, WireType.BFLOAT16, WireType.FLOAT16);

    private StageFields() {}

    static void writeMeasure(Order.Measure message, WireWriter out) {
        writeBlueprint(message.units(), out);
        BatchFields.writeMicroBatch(out, message.sample());
        out.i64(message.warmUpNanos());
        out.i64(message.measuringNanos());
    }

    static Order.Measure readMeasure(WireReader in) {
        return new Order.Measure(readBlueprint(in), BatchFields.readMicroBatch(in), in.i64(), in.i64());
    }

    static void writeHost(Order.Host message, WireWriter out) {
        out.i32(message.stage());
        writeBlueprint(message.units(), out);
        out.text(message.before());
        out.text(message.after());
        out.i32(message.tied());
        out.text(message.tiedTo());
        writeWire(message.wireBefore(), out);
        writeWire(message.wireAfter(), out);
        out.i32(message.capacity());
        out.bool(message.recompute());
        out.bool(message.observed());
        out.f64(message.dilation());
        out.i64(message.stallNanos());
    }

    static Order.Host readHost(WireReader in) {
        return new Order.Host(
                in.i32(),
                readBlueprint(in),
                in.text(),
                in.text(),
                in.i32(),
                in.text(),
                readWire(in),
                readWire(in),
                in.i32(),
                in.bool(),
                in.bool(),
                in.f64(),
                in.i64());
    }

    private static void writeWire(WireType wire, WireWriter out) {
        out.u8(WIRE_TYPES.indexOf(wire));
    }

    private static WireType readWire(WireReader in) {
        int number = in.u8();
        if (number >= WIRE_TYPES.size()) {
            throw new MalformedFrameException("wire type " + number + " is not listed");
        }
        return WIRE_TYPES.get(number);
    }

    private static void writeBlueprint(StageBlueprint units, WireWriter out) {
        StageSpec spec = units.spec();
        out.i32(spec.firstUnit());
        out.i32(spec.endUnit());
        writeNames(spec.units(), out);
        writeNames(spec.feeds(), out);
        writeNames(spec.received(), out);
        writeNames(spec.sent(), out);
        writeNames(spec.outputs(), out);
        // Not a text: those are limited to a length that many units together may exceed.
        out.bytes(units.configuration().getBytes(StandardCharsets.UTF_8));
        out.i64(units.parameters());
        writeNames(units.frozen(), out);
    }

    private static StageBlueprint readBlueprint(WireReader in) {
        StageSpec spec = new StageSpec(
                in.i32(), in.i32(), readNames(in), readNames(in), readNames(in), readNames(in), readNames(in));
        return new StageBlueprint(spec, new String(in.bytes(), StandardCharsets.UTF_8), in.i64(), readNames(in));
    }

    private static void writeNames(List<String> names, WireWriter out) {
        out.list(names, WireWriter::text);
    }

    private static List<String> readNames(WireReader in) {
        return in.list(WireReader::text);
    }
}
