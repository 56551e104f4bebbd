package io.github.skydl4j.bert;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Where the tensors of a HuggingFace BERT lie in the graph of {@link BertGraph}.
 *
 * <p>HuggingFace's dense weights are {@code [out, in]}, ours {@code [in, out]}; its queries, keys and values are three
 * tensors, ours the three thirds of the columns of one.
 */
public final class HuggingFaceNames {
    private static final Pattern OLD_NORM = Pattern.compile("\\.(gamma|beta)$");
    private static final String PREDICTIONS = "cls.predictions.";
    private static final String DECODER_BIAS = PREDICTIONS + "bias";

    /** Another name of the same bias: files have either, or both. */
    private static final String DECODER_BIAS_TOO = PREDICTIONS + "decoder.bias";

    /** Where a checkpoint leaves it out, as HuggingFace does, it is the word table. */
    static final String DECODER_WEIGHT = PREDICTIONS + "decoder.weight";

    static final String WORD_TABLE = "bert.embeddings.word_embeddings.weight";

    private static final List<String> PROJECTIONS = List.of("query", "key", "value");

    private final Map<String, Place> places = new LinkedHashMap<>();

    private HuggingFaceNames() {}

    /**
     * Part {@code part} of the equal {@code parts} of the columns of a vertex's parameter.
     *
     * @param transposed whether HuggingFace's tensor is the transpose of those columns
     * @param vector whether HuggingFace's tensor has one dimension
     */
    public record Place(String vertex, String parameter, int part, int parts, boolean transposed, boolean vector) {

        /** The key of the parameter in DL4J's parameter and gradient tables. */
        public String key() {
            return vertex + "_" + parameter;
        }

        /** A view of the parameter (or of its gradient) in the form of HuggingFace's tensor. */
        public INDArray view(INDArray array) {
            long width = (vector ? array.length() : array.columns()) / parts;
            INDArrayIndex columns = NDArrayIndex.interval(part * width, (part + 1) * width);
            if (vector) {
                return array.reshape(array.length()).get(columns);
            }
            INDArray view = array.get(NDArrayIndex.all(), columns);
            return transposed ? view.transpose() : view;
        }
    }

    /**
     * All tensors of a BERT with every head there is, in the order of HuggingFace's files, names with the {@code bert.}
     * prefix. A graph has those whose vertex it has.
     */
    public static Map<String, Place> places(BertConfig config) {
        HuggingFaceNames names = new HuggingFaceNames();
        names.addEmbeddings();
        for (int block = 0; block < config.hiddenLayers(); block++) {
            names.addBlock(block);
        }
        names.addDense("bert.pooler.dense", BertGraph.POOLER, BertPooler.WEIGHT, BertPooler.BIAS);
        names.addDense("classifier", BertGraph.CLASSIFIER, "W", "b");
        names.addMaskedWords();
        return Collections.unmodifiableMap(names.places);
    }

    /** The name used here of a tensor named with or without {@code bert.}, in the old or the new way. */
    static String canonical(String name) {
        if (name.equals(DECODER_BIAS_TOO)) {
            return DECODER_BIAS;
        }
        String modern =
                OLD_NORM.matcher(name).replaceFirst(match -> match.group().equals(".gamma") ? ".weight" : ".bias");
        boolean bare =
                modern.startsWith("embeddings.") || modern.startsWith("encoder.") || modern.startsWith("pooler.");
        return bare ? "bert." + modern : modern;
    }

    /** Whether HuggingFace may have the same tensor under another name in the same file. */
    static boolean isDoubled(String canonical) {
        return canonical.equals(DECODER_BIAS);
    }

    private void addEmbeddings() {
        addTable("word_embeddings", BertEmbeddings.WORD);
        addTable("position_embeddings", BertEmbeddings.POSITION);
        addTable("token_type_embeddings", BertEmbeddings.TYPE);
        addNorm("bert.embeddings.LayerNorm", BertGraph.EMBEDDINGS);
    }

    private void addBlock(int block) {
        String layer = "bert.encoder.layer." + block + ".";
        String attention = BertGraph.attention(block);
        for (int part = 0; part < PROJECTIONS.size(); part++) {
            String name = layer + "attention.self." + PROJECTIONS.get(part);
            addDense(
                    name,
                    attention,
                    BertAttention.PROJECTION_WEIGHT,
                    BertAttention.PROJECTION_BIAS,
                    part,
                    PROJECTIONS.size());
        }
        addNormedSum(layer + "attention.output", attention);
        addDense(
                layer + "intermediate.dense",
                BertGraph.intermediate(block),
                BertIntermediate.WEIGHT,
                BertIntermediate.BIAS);
        addNormedSum(layer + "output", BertGraph.output(block));
    }

    private void addMaskedWords() {
        addNormedSum(PREDICTIONS + "transform", BertGraph.TRANSFORM);
        places.put(DECODER_BIAS, new Place(BertGraph.DECODER, DecoderParameters.BIAS, 0, 1, false, true));
        places.put(DECODER_WEIGHT, new Place(BertGraph.DECODER, DecoderParameters.TABLE, 0, 1, false, false));
    }

    private void addNormedSum(String name, String vertex) {
        addDense(name + ".dense", vertex, NormedSum.DENSE_WEIGHT, NormedSum.DENSE_BIAS);
        addNorm(name + ".LayerNorm", vertex);
    }

    private void addTable(String table, String parameter) {
        String name = "bert.embeddings." + table + ".weight";
        places.put(name, new Place(BertGraph.EMBEDDINGS, parameter, 0, 1, false, false));
    }

    private void addNorm(String name, String vertex) {
        places.put(name + ".weight", new Place(vertex, NormedSum.GAIN, 0, 1, false, true));
        places.put(name + ".bias", new Place(vertex, NormedSum.BIAS, 0, 1, false, true));
    }

    private void addDense(String name, String vertex, String weight, String bias) {
        addDense(name, vertex, weight, bias, 0, 1);
    }

    private void addDense(String name, String vertex, String weight, String bias, int part, int parts) {
        places.put(name + ".weight", new Place(vertex, weight, part, parts, true, false));
        places.put(name + ".bias", new Place(vertex, bias, part, parts, false, true));
    }
}
