package io.github.skydl4j.bert;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Where the tensors of a HuggingFace BERT lie in the graph of {@link BertGraph}.
 *
 * <p>HuggingFace's dense weights are {@code [out, in]}, ours {@code [in, out]}; its queries, keys and values are three
 * tensors, ours the three thirds of the columns of one.
 */
public final class HuggingFaceNames {
    private static final Pattern OLD_NORM = Pattern.compile("\\.(gamma|beta)$");
    private static final List<String> PROJECTIONS = List.of("query", "key", "value");

    private final Map<String, Place> places = new LinkedHashMap<>();

    private HuggingFaceNames() {}

    /**
     * Columns {@code [first, end)} of a vertex's parameter.
     *
     * @param transposed whether HuggingFace's tensor is the transpose of those columns
     * @param vector whether HuggingFace's tensor has one dimension
     */
    public record Place(String vertex, String parameter, long first, long end, boolean transposed, boolean vector) {

        /** The key of the parameter in DL4J's parameter and gradient tables. */
        public String key() {
            return vertex + "_" + parameter;
        }

        /** A view of the parameter (or of its gradient) in the shape of HuggingFace's tensor. */
        public INDArray view(INDArray array) {
            if (vector) {
                return array.reshape(array.length()).get(NDArrayIndex.interval(first, end));
            }
            INDArray columns = array.get(NDArrayIndex.all(), NDArrayIndex.interval(first, end));
            return transposed ? columns.transpose() : columns;
        }
    }

    /** All tensors of a sequence classifier, in the order of HuggingFace's files, names with the {@code bert.} prefix. */
    public static Map<String, Place> places(BertConfig config) {
        HuggingFaceNames names = new HuggingFaceNames();
        long hidden = config.hiddenSize();
        names.addEmbeddings(hidden);
        for (int block = 0; block < config.hiddenLayers(); block++) {
            names.addBlock(block, hidden, config.intermediateSize());
        }
        names.addDense("bert.pooler.dense", BertGraph.POOLER, BertPooler.WEIGHT, BertPooler.BIAS, 0, hidden);
        names.addDense("classifier", BertGraph.CLASSIFIER, "W", "b", 0, config.labels());
        return Collections.unmodifiableMap(names.places);
    }

    /** The name used here of a tensor named with or without {@code bert.}, in the old or the new way. */
    static String canonical(String name) {
        String modern =
                OLD_NORM.matcher(name).replaceFirst(match -> match.group().equals(".gamma") ? ".weight" : ".bias");
        boolean bare =
                modern.startsWith("embeddings.") || modern.startsWith("encoder.") || modern.startsWith("pooler.");
        return bare ? "bert." + modern : modern;
    }

    private void addEmbeddings(long hidden) {
        addTable("word_embeddings", BertEmbeddings.WORD, hidden);
        addTable("position_embeddings", BertEmbeddings.POSITION, hidden);
        addTable("token_type_embeddings", BertEmbeddings.TYPE, hidden);
        addNorm("bert.embeddings.LayerNorm", BertGraph.EMBEDDINGS, hidden);
    }

    private void addBlock(int block, long hidden, long width) {
        String layer = "bert.encoder.layer." + block + ".";
        String attention = BertGraph.attention(block);
        for (int part = 0; part < PROJECTIONS.size(); part++) {
            String name = layer + "attention.self." + PROJECTIONS.get(part);
            long first = part * hidden;
            addDense(
                    name,
                    attention,
                    BertAttention.PROJECTION_WEIGHT,
                    BertAttention.PROJECTION_BIAS,
                    first,
                    first + hidden);
        }
        addNormedSum(layer + "attention.output", attention, hidden);
        addDense(
                layer + "intermediate.dense",
                BertGraph.intermediate(block),
                BertIntermediate.WEIGHT,
                BertIntermediate.BIAS,
                0,
                width);
        addNormedSum(layer + "output", BertGraph.output(block), hidden);
    }

    private void addNormedSum(String name, String vertex, long hidden) {
        addDense(name + ".dense", vertex, NormedSum.DENSE_WEIGHT, NormedSum.DENSE_BIAS, 0, hidden);
        addNorm(name + ".LayerNorm", vertex, hidden);
    }

    private void addTable(String table, String parameter, long hidden) {
        String name = "bert.embeddings." + table + ".weight";
        places.put(name, new Place(BertGraph.EMBEDDINGS, parameter, 0, hidden, false, false));
    }

    private void addNorm(String name, String vertex, long hidden) {
        places.put(name + ".weight", new Place(vertex, NormedSum.GAIN, 0, hidden, false, true));
        places.put(name + ".bias", new Place(vertex, NormedSum.BIAS, 0, hidden, false, true));
    }

    private void addDense(String name, String vertex, String weight, String bias, long first, long end) {
        places.put(name + ".weight", new Place(vertex, weight, first, end, true, false));
        places.put(name + ".bias", new Place(vertex, bias, first, end, false, true));
    }
}
