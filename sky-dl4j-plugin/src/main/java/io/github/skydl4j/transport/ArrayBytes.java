package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The memory of dense arrays as buffers, without a copy. A buffer is good as long as its array is reachable and open. */
final class ArrayBytes {
    private ArrayBytes() {}

    /** The array itself if its elements lie side by side in its order, else a copy of it that does. */
    static INDArray dense(INDArray array) {
        return isDense(array) ? array : array.dup('c');
    }

    /** The elements of a dense array, at most 2^31 - 1 bytes of them. */
    static ByteBuffer of(INDArray array) {
        long bytes = array.length() * array.dataType().width();
        if (bytes == 0 || array.isEmpty()) {
            return ByteBuffer.allocateDirect(0);
        }
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("an array of " + bytes + " bytes may not travel in one piece");
        }
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        BytePointer pointer = new BytePointer(array.data().addressPointer());
        return pointer.position(0).limit(bytes).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Tells a back end with a memory of its own that the host's is the newer one. */
    static void written(INDArray array) {
        if (!array.isEmpty()) {
            Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
        }
    }

    private static boolean isDense(INDArray array) {
        if (array.isEmpty() || array.length() <= 1) {
            return true;
        }
        long[] shape = array.shape();
        long[] stride = array.stride();
        boolean firstFastest = array.ordering() == 'f';
        long expected = 1;
        for (int i = 0; i < shape.length; i++) {
            int dimension = firstFastest ? i : shape.length - 1 - i;
            if (shape[dimension] != 1 && stride[dimension] != expected) {
                return false;
            }
            expected *= shape[dimension];
        }
        return true;
    }
}
