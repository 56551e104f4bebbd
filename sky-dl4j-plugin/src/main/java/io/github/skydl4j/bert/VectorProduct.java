package io.github.skydl4j.bert;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Products of matrices that may be parts of larger ones, by cblas.
 *
 * <p>OpenBLAS comes with ND4J's CPU back end and is found by name, so that this compiles where the back end is another.
 */
final class VectorProduct {
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;
    private static final MethodHandle SGEMM = sgemm();

    private VectorProduct() {}

    /** A matrix in row order, rows {@code stride} floats apart; transposed when used as its transpose. */
    record Matrix(FloatPointer start, int stride, boolean transposed) {
        Matrix(FloatPointer start, int stride) {
            this(start, stride, false);
        }

        Matrix transpose() {
            return new Matrix(start, stride, !transposed);
        }

        private int order() {
            return transposed ? TRANSPOSED : PLAIN;
        }
    }

    /** Finds OpenBLAS, or throws {@link ExceptionInInitializerError}. */
    static void load() {
        SGEMM.type();
    }

    /** {@code result [rows, columns] = left [rows, inner] · right [inner, columns] + beta · result}. */
    static void multiply(int rows, int columns, int inner, Matrix left, Matrix right, Matrix result, float beta) {
        try {
            SGEMM.invokeExact(
                    ROW_MAJOR,
                    left.order(),
                    right.order(),
                    rows,
                    columns,
                    inner,
                    1f,
                    left.start(),
                    left.stride(),
                    right.start(),
                    right.stride(),
                    beta,
                    result.start(),
                    result.stride());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cblas_sgemm failed", e);
        }
    }

    private static MethodHandle sgemm() {
        MethodType type = MethodType.methodType(
                void.class,
                int.class,
                int.class,
                int.class,
                int.class,
                int.class,
                int.class,
                float.class,
                FloatPointer.class,
                int.class,
                FloatPointer.class,
                int.class,
                float.class,
                FloatPointer.class,
                int.class);
        try {
            Class<?> openblas = Class.forName("org.bytedeco.openblas.global.openblas");
            return MethodHandles.publicLookup().findStatic(openblas, "cblas_sgemm", type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("OpenBLAS is not on the class path", e);
        }
    }
}
