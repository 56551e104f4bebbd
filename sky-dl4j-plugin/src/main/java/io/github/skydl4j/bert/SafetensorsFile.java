package io.github.skydl4j.bert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A safetensors file open for reading, memory-mapped tensor by tensor.
 *
 * <p>Confined to one thread.
 */
final class SafetensorsFile implements AutoCloseable {
    /** HuggingFace's own limit. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final long CHUNK_ELEMENTS = 1 << 18;
    private static final int PREFIX_BYTES = Long.BYTES;

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
        this.path = path;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws CheckpointException if it is not a sound safetensors file
     */
    static SafetensorsFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return open(path, channel);
        } catch (CheckpointException e) {
            channel.close();
            throw new CheckpointException(path + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SafetensorsFile open(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < PREFIX_BYTES) {
            throw new CheckpointException("a safetensors file has at least 8 bytes, this one " + size);
        }
        long headerBytes = ByteBuffer.wrap(read(channel, 0, PREFIX_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        long limit = Math.min(MAX_HEADER_BYTES, size - PREFIX_BYTES);
        if (headerBytes < 0 || headerBytes > limit) {
            throw new CheckpointException("header of " + Long.toUnsignedString(headerBytes) + " bytes, at most " + limit
                    + " are possible in this file");
        }
        byte[] json = read(channel, PREFIX_BYTES, (int) headerBytes);
        long dataStart = PREFIX_BYTES + headerBytes;
        return new SafetensorsFile(path, channel, SafetensorsHeader.parse(json, size - dataStart), dataStart);
    }

    Map<String, SafetensorsHeader.Tensor> tensors() {
        return header.tensors();
    }

    /**
     * Copies a tensor into an array (or view) of the same shape, a few rows at a time.
     *
     * @throws CheckpointException if the shapes differ or the elements are no floating numbers
     */
    void read(String name, INDArray target) throws IOException {
        SafetensorsHeader.Tensor tensor = Objects.requireNonNull(tensors().get(name), name);
        requireReadable(tensor, target);
        long columns = target.size(target.rank() - 1);
        long rows = target.length() / columns;
        long step = Math.max(1, CHUNK_ELEMENTS / columns);
        for (long row = 0; row < rows; row += step) {
            long end = Math.min(rows, row + step);
            try (INDArray chunk = chunk(tensor, row * columns, end * columns, target.dataType())) {
                Rows.of(target, row, end).assign(chunk.reshape('c', end - row, columns));
            }
        }
    }

    private void requireReadable(SafetensorsHeader.Tensor tensor, INDArray target) {
        List<Long> shape = Arrays.stream(target.shape()).boxed().toList();
        if (!tensor.shape().equals(shape)) {
            throw new CheckpointException("%s: tensor %s has shape %s, the graph needs %s"
                    .formatted(path, tensor.name(), tensor.shape(), shape));
        }
        if (!tensor.type().floating()) {
            throw new CheckpointException(
                    "%s: tensor %s holds %s, not floating numbers".formatted(path, tensor.name(), tensor.type()));
        }
    }

    private INDArray chunk(SafetensorsHeader.Tensor tensor, long first, long end, DataType type) throws IOException {
        int length = Math.toIntExact(end - first);
        int size = tensor.type().bytes();
        ByteBuffer bytes = map(channel, dataStart + tensor.first() + first * size, (long) length * size);
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = tensor.type().value(bytes, i);
        }
        try (INDArray doubles = Nd4j.createFromArray(values)) {
            return type == DataType.DOUBLE ? doubles.dup() : doubles.castTo(type);
        }
    }

    /** Reads without a mapping, which would stay until the garbage collector finds it. */
    private static byte[] read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new CheckpointException("the file ends at byte " + (position + bytes.position())
                        + " while it is read: is it being written?");
            }
        }
        return bytes.array();
    }

    private static ByteBuffer map(FileChannel channel, long position, long bytes) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, position, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
