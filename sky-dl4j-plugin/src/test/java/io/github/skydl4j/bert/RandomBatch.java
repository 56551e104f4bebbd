package io.github.skydl4j.bert;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Seeded batches of random tokens, types, masks and labels; real tokens are never the padding token 0. */
final class RandomBatch {
    private RandomBatch() {}

    static MultiDataSet of(BertConfig config, int batch, int time, DataType type, Random random) {
        INDArray tokens = Nd4j.zeros(type, batch, time);
        INDArray types = Nd4j.zeros(type, batch, time);
        INDArray mask = Nd4j.zeros(type, batch, time);
        INDArray labels = Nd4j.zeros(type, batch, config.labels());
        for (int example = 0; example < batch; example++) {
            int length = 1 + random.nextInt(time);
            for (int position = 0; position < length; position++) {
                tokens.putScalar(example, position, 1 + random.nextInt(config.vocabularySize() - 1));
                types.putScalar(example, position, random.nextInt(config.typeVocabularySize()));
                mask.putScalar(example, position, 1);
            }
            labels.putScalar(example, random.nextInt(config.labels()), 1);
        }
        return new MultiDataSet(new INDArray[] {tokens, types, mask}, new INDArray[] {labels});
    }
}
