package io.github.skydl4j.bert;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/** Products of matrices that may be parts of larger ones, by cblas. */
final class VectorProduct {

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
            return transposed ? openblas.CblasTrans : openblas.CblasNoTrans;
        }
    }

    /** {@code result [rows, columns] = left [rows, inner] · right [inner, columns] + beta · result}. */
    static void multiply(int rows, int columns, int inner, Matrix left, Matrix right, Matrix result, float beta) {
        openblas.cblas_sgemm(
                openblas.CblasRowMajor,
                left.order(),
                right.order(),
                rows,
                columns,
                inner,
                1,
                left.start(),
                left.stride(),
                right.start(),
                right.stride(),
                beta,
                result.start(),
                result.stride());
    }
}
