package io.github.skydl4j.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A seeded random graph with data for it: dense, LSTM, convolution, pooling and batch normalization layers, skips and
 * merges over any distance, one to three inputs, one or two outputs, sometimes frozen layers, masks, clipping, constraints
 * and regularization.
 */
public final class RandomGraph {
    private static final int TIME = 4;
    private static final int CLASSES = 3;

    private enum Kind {
        FLAT,
        SERIES,
        IMAGE
    }

    private record Node(String name, Kind kind, int size) {}

    private final Random random;
    private final DataType type;
    private final GraphBuilder builder;
    private final List<Node> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> uses = new LinkedHashMap<>();
    private final Map<String, Kind> outputs = new LinkedHashMap<>();
    private final boolean masked;
    private boolean batchNorm;
    private int count;

    private RandomGraph(long seed, DataType type, boolean allowBatchNorm) {
        this.random = new Random(seed);
        this.type = type;
        this.batchNorm = allowBatchNorm;
        NeuralNetConfiguration.Builder global = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(type)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.TANH)
                .updater(new Adam(new ExponentialSchedule(ScheduleType.ITERATION, 1e-2, 0.97)));
        if (random.nextBoolean()) {
            global.l2(1e-3).weightDecay(1e-4);
        }
        if (random.nextInt(3) == 0) {
            global.gradientNormalization(GradientNormalization.ClipL2PerLayer).gradientNormalizationThreshold(0.05);
        }
        if (random.nextInt(4) == 0) {
            global.constrainWeights(new MaxNormConstraint(0.9, 1));
        }
        builder = global.graphBuilder();
        masked = random.nextInt(4) == 0;
        addInputs();
        int layers = 3 + random.nextInt(7);
        for (int i = 0; i < layers; i++) {
            addVertex(nodes.get(nodes.size() - 1 - random.nextInt(Math.min(4, nodes.size()))));
        }
        addOutputs();
    }

    /** A network for the seed, initialised; the same seed gives the same network. */
    public static RandomGraph of(long seed, DataType type, boolean allowBatchNorm) {
        return new RandomGraph(seed, type, allowBatchNorm);
    }

    public ComputationGraphConfiguration configuration() {
        return builder.build();
    }

    public boolean hasBatchNorm() {
        return uses.keySet().stream().anyMatch(name -> name.startsWith("norm"));
    }

    /** A batch with random features, labels and, for a masked graph, masks. */
    public MultiDataSet batch(int rows, long seed) {
        Random data = new Random(seed);
        INDArray[] features = new INDArray[inputs.size()];
        INDArray[] masks = new INDArray[inputs.size()];
        for (int i = 0; i < features.length; i++) {
            Node input = inputs.get(i);
            features[i] = gaussian(data, shape(input.kind(), input.size(), rows));
            masks[i] = input.kind() == Kind.SERIES ? lengths(data, rows) : null;
        }
        INDArray[] labels =
                outputs.values().stream().map(kind -> labels(data, kind, rows)).toArray(INDArray[]::new);
        return new MultiDataSet(features, labels, masked ? masks : null, null);
    }

    private void addInputs() {
        int number = 1 + random.nextInt(3);
        List<InputType> types = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Kind kind = masked ? Kind.SERIES : Kind.values()[random.nextInt(3)];
            int size = kind == Kind.IMAGE ? 2 : 3 + random.nextInt(4);
            Node input = new Node("in" + i, kind, size);
            inputs.add(input);
            nodes.add(input);
            builder.addInputs(input.name());
            types.add(
                    switch (kind) {
                        case FLAT -> InputType.feedForward(size);
                        case SERIES -> InputType.recurrent(size, TIME);
                        case IMAGE -> InputType.convolutional(4, 4, 2);
                    });
        }
        builder.setInputTypes(types.toArray(InputType[]::new));
    }

    private void addVertex(Node from) {
        switch (from.kind()) {
            case FLAT -> addFlat(from);
            case SERIES -> addSeries(from);
            case IMAGE -> addImage(from);
        }
    }

    private void addFlat(Node from) {
        int width = 3 + random.nextInt(4);
        switch (random.nextInt(5)) {
            case 0 -> join(from, "add", new ElementWiseVertex(ElementWiseVertex.Op.Add), true);
            case 1 -> join(from, "merge", new MergeVertex(), false);
            case 2 -> {
                if (batchNorm) {
                    layer("norm", new BatchNormalization.Builder().build(), from, Kind.FLAT, from.size());
                } else {
                    layer("act", new ActivationLayer(Activation.SIGMOID), from, Kind.FLAT, from.size());
                }
            }
            default -> dense(from, width);
        }
    }

    private void dense(Node from, int width) {
        DenseLayer dense = new DenseLayer.Builder().nOut(width).build();
        if (random.nextInt(8) == 0 && inputs.contains(from)) {
            layer("frozen", new FrozenLayer(dense), from, Kind.FLAT, width);
        } else {
            layer("dense", dense, from, Kind.FLAT, width);
        }
    }

    private void addSeries(Node from) {
        switch (random.nextInt(5)) {
            case 0 -> join(from, "add", new ElementWiseVertex(ElementWiseVertex.Op.Add), true);
            case 1 -> lastStep(from);
            default -> {
                int width = 3 + random.nextInt(3);
                layer("lstm", new LSTM.Builder().nOut(width).build(), from, Kind.SERIES, width);
            }
        }
    }

    /** Not a GlobalPoolingLayer: DL4J infers a series behind it where it makes a flat array. */
    private void lastStep(Node from) {
        String series = inputs.stream()
                .filter(n -> n.kind() == Kind.SERIES)
                .findFirst()
                .orElseThrow()
                .name();
        vertex("last", new LastTimeStepVertex(series), Kind.FLAT, from.size(), from);
    }

    private void addImage(Node from) {
        switch (random.nextInt(5)) {
            case 0 -> join(from, "add", new ElementWiseVertex(ElementWiseVertex.Op.Add), true);
            case 1 ->
                layer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), from, Kind.FLAT, from.size());
            case 2 ->
                layer(
                        "sub",
                        new SubsamplingLayer.Builder(
                                        SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {1, 1})
                                .build(),
                        from,
                        Kind.IMAGE,
                        from.size());
            case 3 -> {
                if (batchNorm) {
                    layer("norm", new BatchNormalization.Builder().build(), from, Kind.IMAGE, from.size());
                } else {
                    vertex("scale", new ScaleVertex(0.7), Kind.IMAGE, from.size(), from);
                }
            }
            default -> layer("conv", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), from, Kind.IMAGE, 2);
        }
    }

    private void join(Node from, String prefix, org.deeplearning4j.nn.conf.graph.GraphVertex vertex, boolean sameSize) {
        List<Node> partners = nodes.stream()
                .filter(n -> n != from && n.kind() == from.kind() && (!sameSize || n.size() == from.size()))
                .toList();
        if (partners.isEmpty()) {
            vertex("scale", new ScaleVertex(0.5), from.kind(), from.size(), from);
            return;
        }
        Node partner = partners.get(random.nextInt(partners.size()));
        int size = sameSize ? from.size() : from.size() + partner.size();
        vertex(prefix, vertex, from.kind(), size, from, partner);
    }

    private void layer(String prefix, org.deeplearning4j.nn.conf.layers.Layer layer, Node from, Kind kind, int size) {
        String name = prefix + count++;
        builder.addLayer(name, layer, from.name());
        added(new Node(name, kind, size), from);
    }

    private void vertex(
            String prefix, org.deeplearning4j.nn.conf.graph.GraphVertex vertex, Kind kind, int size, Node... from) {
        String name = prefix + count++;
        String[] names = new String[from.length];
        for (int i = 0; i < from.length; i++) {
            names[i] = from[i].name();
        }
        builder.addVertex(name, vertex, names);
        added(new Node(name, kind, size), from);
    }

    private void added(Node node, Node... from) {
        for (Node source : from) {
            uses.merge(source.name(), 1, Integer::sum);
        }
        uses.putIfAbsent(node.name(), 0);
        nodes.add(node);
    }

    /** Every leaf ends in a loss: series sometimes in one of their own, all others merged before one. */
    private void addOutputs() {
        List<Node> leaves =
                nodes.stream().filter(n -> uses.getOrDefault(n.name(), 0) == 0).toList();
        List<String> flat = new ArrayList<>();
        List<Node> flatNodes = new ArrayList<>();
        for (Node leaf : leaves) {
            if (leaf.kind() == Kind.SERIES && outputs.isEmpty() && random.nextInt(3) == 0) {
                String name = "series-loss";
                builder.addLayer(
                        name,
                        new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nOut(CLASSES)
                                .build(),
                        leaf.name());
                outputs.put(name, Kind.SERIES);
                continue;
            }
            Node end = flatten(leaf);
            flat.add(end.name());
            flatNodes.add(end);
        }
        if (!flat.isEmpty()) {
            String last = flat.get(0);
            if (flat.size() > 1) {
                last = "join";
                builder.addVertex(last, new MergeVertex(), flat.toArray(String[]::new));
            }
            builder.addLayer(
                    "loss",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                            .activation(Activation.SOFTMAX)
                            .nOut(CLASSES)
                            .build(),
                    last);
            outputs.put("loss", Kind.FLAT);
        }
        builder.setOutputs(outputs.keySet().toArray(String[]::new));
    }

    private Node flatten(Node leaf) {
        switch (leaf.kind()) {
            case SERIES -> lastStep(leaf);
            case IMAGE -> layer("dense", new DenseLayer.Builder().nOut(4).build(), leaf, Kind.FLAT, 4);
            case FLAT -> {
                return leaf;
            }
        }
        return nodes.get(nodes.size() - 1);
    }

    private static long[] shape(Kind kind, int size, int rows) {
        return switch (kind) {
            case FLAT -> new long[] {rows, size};
            case SERIES -> new long[] {rows, size, TIME};
            case IMAGE -> new long[] {rows, size, 4, 4};
        };
    }

    private INDArray gaussian(Random data, long[] shape) {
        INDArray array = Nd4j.create(type, shape, 'c');
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, data.nextGaussian());
        }
        return array;
    }

    private INDArray lengths(Random data, int rows) {
        INDArray mask = Nd4j.zeros(type, rows, TIME);
        for (int r = 0; r < rows; r++) {
            int length = 1 + data.nextInt(TIME);
            for (int t = 0; t < length; t++) {
                mask.putScalar(r, t, 1);
            }
        }
        return mask;
    }

    private INDArray labels(Random data, Kind kind, int rows) {
        if (kind == Kind.FLAT) {
            INDArray labels = Nd4j.zeros(type, rows, CLASSES);
            for (int r = 0; r < rows; r++) {
                labels.putScalar(r, data.nextInt(CLASSES), 1);
            }
            return labels;
        }
        INDArray labels = Nd4j.zeros(type, rows, CLASSES, TIME);
        for (int r = 0; r < rows; r++) {
            for (int t = 0; t < TIME; t++) {
                labels.putScalar(new int[] {r, data.nextInt(CLASSES), t}, 1);
            }
        }
        return labels;
    }
}
