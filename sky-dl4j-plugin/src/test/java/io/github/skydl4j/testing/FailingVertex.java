package io.github.skydl4j.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An identity that can be told to fail or to hang, in forward or backward. State is static: clones share it. */
public final class FailingVertex extends ScaleVertex {
    private static final long serialVersionUID = 1L;

    /** Forwards and backwards that still succeed before the next one fails; negative for never. */
    public static final AtomicInteger FORWARDS_LEFT = new AtomicInteger(-1);

    public static final AtomicInteger BACKWARDS_LEFT = new AtomicInteger(-1);
    /** While not zero, forwards wait for it. */
    public static volatile CountDownLatch gate = new CountDownLatch(0);

    public FailingVertex() {
        super(1.0);
    }

    /** No more failures, no more waiting. */
    public static void heal() {
        FORWARDS_LEFT.set(-1);
        BACKWARDS_LEFT.set(-1);
        gate.countDown();
    }

    @Override
    public ScaleVertex clone() {
        return new FailingVertex();
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray view, boolean init, DataType type) {
        return new Live(graph, name, index, type);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return inputs[0];
    }

    @SuppressWarnings("overrides") // BaseGraphVertex declares setInputs(INDArray[]) for setInputs(INDArray...)
    private static final class Live extends org.deeplearning4j.nn.graph.vertex.impl.ScaleVertex {
        private static final long serialVersionUID = 1L;

        Live(ComputationGraph graph, String name, int index, DataType type) {
            super(graph, name, index, 1.0, type);
        }

        @Override
        public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted at the gate", e);
            }
            count(FORWARDS_LEFT, "forward");
            return super.doForward(training, workspaces);
        }

        @Override
        public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
            count(BACKWARDS_LEFT, "backward");
            return super.doBackward(tbptt, workspaces);
        }

        private static void count(AtomicInteger left, String what) {
            if (left.get() >= 0 && left.getAndDecrement() == 0) {
                throw new ArithmeticException("planted failure in " + what);
            }
        }
    }
}
