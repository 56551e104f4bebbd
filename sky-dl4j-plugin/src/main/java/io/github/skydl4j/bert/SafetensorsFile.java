package io.github.skydl4j.bert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
        long headerBytes = map(channel, 0, PREFIX_BYTES).getLong();
        long limit = Math.min(MAX_HEADER_BYTES, size - PREFIX_BYTES);
        if (headerBytes < 0 || headerBytes > limit) {
            throw new CheckpointException("header of " + Long.toUnsignedString(headerBytes) + " bytes, at most " + limit
                    + " are possible in this file");
        }
        byte[] json = new byte[(int) headerBytes];
        map(channel, PREFIX_BYTES, headerBytes).get(json);
        long dataStart = PREFIX_BYTES + headerBytes;
        return new SafetensorsFile(path, channel, SafetensorsHeader.parse(json, size - dataStart), dataStart);
    }

    Map<String, SafetensorsHeader.Tensor> tensors() {
        return header.tensors();
    }

    /** Reads a tensor as a new detached array of the given type, which the caller closes. */
    INDArray read(String name, DataType type) throws IOException {
        SafetensorsHeader.Tensor tensor = Objects.requireNonNull(tensors().get(name), name);
        long bytes = tensor.end() - tensor.first();
        if (bytes > Integer.MAX_VALUE) {
            throw new CheckpointException(
                    path + ": tensor " + name + " has " + bytes + " bytes, at most 2 GiB are read");
        }
        ByteBuffer mapped = map(channel, dataStart + tensor.first(), bytes);
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        INDArray array = Nd4j.createUninitialized(type, shape, 'c');
        for (int i = 0; i < tensor.length(); i++) {
            array.data().put(i, tensor.type().value(mapped, i));
        }
        return array;
    }

    private static ByteBuffer map(FileChannel channel, long position, long bytes) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, position, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
