package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What of a batch a stage needs: features where it takes any, labels where it has a loss, and else nothing but sizes. */
final class Share {
    /** Bytes in one message; a micro-batch larger than that goes alone. */
    private static final long MESSAGE_BYTES = 4L << 20;

    private Share() {}

    /** The micro-batches with what the stage needs of them, grouped into messages. */
    static List<Order.Feed> of(long step, List<MicroBatch> batch, StageSpec stage) {
        List<Order.Feed> feeds = new ArrayList<>();
        List<MicroBatch> next = new ArrayList<>();
        long bytes = 0;
        for (MicroBatch whole : batch) {
            MicroBatch part = of(whole, stage);
            long size = bytes(part.features())
                    + bytes(part.featureMasks())
                    + bytes(part.labels())
                    + bytes(part.labelMasks());
            if (!next.isEmpty() && bytes + size > MESSAGE_BYTES) {
                feeds.add(new Order.Feed(step, next));
                next.clear();
                bytes = 0;
            }
            next.add(part);
            bytes += size;
        }
        feeds.add(new Order.Feed(step, next));
        return feeds;
    }

    /** The micro-batch with what the stage needs of it. */
    static MicroBatch of(MicroBatch whole, StageSpec stage) {
        return new MicroBatch(
                whole.index(),
                whole.rows(),
                whole.offset(),
                some(whole.features(), stage.feeds()),
                some(whole.featureMasks(), stage.feeds()),
                some(whole.labels(), stage.outputs()),
                some(whole.labelMasks(), stage.outputs()),
                whole.masked());
    }

    private static Map<String, INDArray> some(Map<String, INDArray> arrays, List<String> names) {
        Map<String, INDArray> some = new HashMap<>(arrays);
        some.keySet().retainAll(names);
        return some;
    }

    private static long bytes(Map<String, INDArray> arrays) {
        return arrays.values().stream()
                .mapToLong(array -> array.length() * array.dataType().width())
                .sum();
    }
}
