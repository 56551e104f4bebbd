package io.github.skydl4j.bert;

import org.nd4j.linalg.api.buffer.DataType;

/** Tells which kernels do the work of BERT vertices in this JVM. */
public final class BertKernels {
    private BertKernels() {}

    /** A name for the kernels of float32, the same wherever the same kernels are at work. */
    public static String name() {
        return KernelChoice.forType(DataType.FLOAT).getClass().getSimpleName();
    }
}
