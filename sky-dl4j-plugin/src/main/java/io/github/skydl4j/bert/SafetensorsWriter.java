package io.github.skydl4j.bert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes arrays, or views of them, as a safetensors file: F64 for DOUBLE, F32 for anything else. */
final class SafetensorsWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;
    private static final long CHUNK_ELEMENTS = 1 << 18;

    private SafetensorsWriter() {}

    /** Writes a file as a whole or not at all: it appears when it is complete. */
    static void write(Path path, Map<String, INDArray> tensors) throws IOException {
        Path partial = path.resolveSibling(path.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            byte[] header = header(tensors);
            write(little(Long.BYTES).putLong(header.length).flip(), out);
            write(ByteBuffer.wrap(header), out);
            for (INDArray tensor : tensors.values()) {
                writeElements(tensor, out);
            }
        }
        Files.move(partial, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] header(Map<String, INDArray> tensors) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
            TensorType type = type(entry.getValue());
            long end = offset + entry.getValue().length() * type.bytes();
            ObjectNode tensor = json.putObject(entry.getKey()).put("dtype", type.name());
            Arrays.stream(entry.getValue().shape()).forEach(tensor.putArray("shape")::add);
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = JSON.writeValueAsString(json);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return (text + " ".repeat(Math.floorMod(-bytes, ALIGNMENT))).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeElements(INDArray tensor, FileChannel out) throws IOException {
        long rows = Rows.count(tensor);
        long step = Math.max(1, CHUNK_ELEMENTS / (tensor.length() / rows));
        for (long row = 0; row < rows; row += step) {
            try (INDArray chunk =
                    Rows.of(tensor, row, Math.min(rows, row + step)).dup('c')) {
                write(bytes(chunk), out);
            }
        }
    }

    private static ByteBuffer bytes(INDArray chunk) {
        if (type(chunk) == TensorType.F64) {
            ByteBuffer bytes = little(chunk.length() * Double.BYTES);
            bytes.asDoubleBuffer().put(chunk.data().asDouble());
            return bytes;
        }
        ByteBuffer bytes = little(chunk.length() * Float.BYTES);
        bytes.asFloatBuffer().put(chunk.data().asFloat());
        return bytes;
    }

    private static void write(ByteBuffer bytes, FileChannel out) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static TensorType type(INDArray tensor) {
        return tensor.dataType() == DataType.DOUBLE ? TensorType.F64 : TensorType.F32;
    }

    private static ByteBuffer little(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
