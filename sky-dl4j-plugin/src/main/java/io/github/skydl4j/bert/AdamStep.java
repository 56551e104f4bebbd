package io.github.skydl4j.bert;

/**
 * Settings of one step of Adam in DL4J's form, epsilon added before the bias correction.
 *
 * @param iteration how many steps went before
 */
record AdamStep(double learningRate, double beta1, double beta2, double epsilon, int iteration) {

    /** The learning rate with both bias corrections in it. */
    double correctedRate() {
        double first = 1 - Math.pow(beta1, iteration + 1);
        double second = 1 - Math.pow(beta2, iteration + 1);
        return learningRate * Math.sqrt(second) / first;
    }
}
