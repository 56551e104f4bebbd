package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.LANES;
import static io.github.skydl4j.bert.VectorMath.SPECIES;
import static io.github.skydl4j.bert.VectorMath.get;
import static io.github.skydl4j.bert.VectorMath.load;
import static io.github.skydl4j.bert.VectorMath.memory;
import static io.github.skydl4j.bert.VectorMath.pointer;
import static io.github.skydl4j.bert.VectorMath.put;
import static io.github.skydl4j.bert.VectorMath.store;

import io.github.skydl4j.bert.Kernels.EmbeddingIds;
import io.github.skydl4j.bert.Kernels.EmbeddingTables;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums rows of three tables, and their gradients back into them. */
final class VectorEmbedding {
    private VectorEmbedding() {}

    static void forward(EmbeddingTables tables, EmbeddingIds ids, INDArray result) {
        int size = Math.toIntExact(result.size(1));
        ByteBuffer sums = memory(result);
        ByteBuffer words = memory(tables.word());
        ByteBuffer positions = memory(tables.position());
        ByteBuffer types = memory(tables.type());
        int bound = SPECIES.loopBound(size);
        for (int token = 0; token < ids.words().length; token++) {
            int word = ids.words()[token] * size;
            int position = token % ids.time() * size;
            int type = ids.types()[token] * size;
            int sum = token * size;
            for (int c = 0; c < bound; c += LANES) {
                store(
                        load(words, word + c).add(load(positions, position + c)).add(load(types, type + c)),
                        sums,
                        sum + c);
            }
            for (int c = bound; c < size; c++) {
                put(get(words, word + c) + get(positions, position + c) + get(types, type + c), sums, sum + c);
            }
        }
    }

    static void backward(INDArray error, EmbeddingIds ids, EmbeddingTables gradients) {
        int size = Math.toIntExact(error.size(1));
        ByteBuffer errors = memory(error);
        ByteBuffer words = memory(gradients.word());
        ByteBuffer positions = zeroed(gradients.position());
        ByteBuffer types = zeroed(gradients.type());
        for (int token = 0; token < ids.words().length; token++) {
            addRow(errors, token * size, words, ids.words()[token] * size, size);
            addRow(errors, token * size, positions, token % ids.time() * size, size);
            addRow(errors, token * size, types, ids.types()[token] * size, size);
        }
    }

    private static ByteBuffer zeroed(INDArray table) {
        Pointer.memset(pointer(table), 0, table.length() * Float.BYTES);
        return memory(table);
    }

    private static void addRow(ByteBuffer from, int source, ByteBuffer to, int target, int size) {
        int bound = SPECIES.loopBound(size);
        for (int c = 0; c < bound; c += LANES) {
            store(load(to, target + c).add(load(from, source + c)), to, target + c);
        }
        for (int c = bound; c < size; c++) {
            put(get(to, target + c) + get(from, source + c), to, target + c);
        }
    }
}
