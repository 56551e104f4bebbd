package io.github.skydl4j.bert;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a {@link BertDecoder}: the word table, row by row, then a bias for each word. */
enum DecoderParameters implements ParamInitializer {
    INSTANCE;

    static final String TABLE = "W";
    static final String BIAS = "b";

    private static ParameterLayout layout(Layer decoder) {
        BertConfig config = ((BertDecoder) decoder).config();
        return new ParameterLayout(List.of(
                ParameterLayout.weight(TABLE, config.vocabularySize(), config.hiddenSize()),
                ParameterLayout.bias(BIAS, config.vocabularySize())));
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer decoder) {
        return layout(decoder).length();
    }

    @Override
    public List<String> paramKeys(Layer decoder) {
        return List.of(TABLE, BIAS);
    }

    @Override
    public List<String> weightKeys(Layer decoder) {
        return List.of(TABLE);
    }

    @Override
    public List<String> biasKeys(Layer decoder) {
        return List.of(BIAS);
    }

    @Override
    public boolean isWeightParam(Layer decoder, String key) {
        return key.equals(TABLE);
    }

    @Override
    public boolean isBiasParam(Layer decoder, String key) {
        return key.equals(BIAS);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray parameterView, boolean initialize) {
        BertDecoder decoder = (BertDecoder) conf.getLayer();
        Map<String, INDArray> views = layout(decoder).views(parameterView);
        conf.addVariable(TABLE);
        conf.addVariable(BIAS);
        if (initialize) {
            TiedTables.draw(Objects.requireNonNull(views.get(TABLE)), decoder.config(), conf.getSeed());
            Objects.requireNonNull(views.get(BIAS)).assign(0);
        }
        return views;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        return layout(conf.getLayer()).views(gradientView);
    }
}
