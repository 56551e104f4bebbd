package io.github.skydl4j.bert;

import java.util.BitSet;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The rows of a large table that may be other than zero, so that work on the table can leave out the others.
 *
 * <p>Starts with all of them, as memory comes. Confined to one thread.
 */
public final class TableRows {
    private final BitSet rows;
    private boolean all = true;

    /** All rows of a table of so many. */
    public TableRows(int count) {
        this.rows = new BitSet(count);
    }

    void add(int[] more) {
        for (int row : more) {
            rows.set(row);
        }
    }

    /** From now on any row may be other than zero. */
    public void addAll() {
        all = true;
    }

    boolean all() {
        return all;
    }

    boolean isEmpty() {
        return !all && rows.isEmpty();
    }

    /** The rows, ascending; for when they are not {@link #all}. */
    int[] toArray() {
        return rows.stream().toArray();
    }

    /** Zeroes the rows in their table; then there are none. */
    public void clear(INDArray table) {
        if (all) {
            table.assign(0);
        } else if (!rows.isEmpty()) {
            kernels(table).clearRows(table, toArray());
        }
        all = false;
        rows.clear();
    }

    /** {@code target += source}, these being the rows of the source; the rows of the target grow by them. */
    public void addTo(INDArray source, INDArray target, TableRows ofTarget) {
        if (all) {
            target.addi(source);
            ofTarget.addAll();
        } else if (!rows.isEmpty()) {
            int[] places = toArray();
            kernels(target).addRows(source, target, places);
            ofTarget.add(places);
        }
    }

    /** {@code target = source}, these being the rows of the source and those of the target among them. */
    public void copyTo(INDArray source, INDArray target, TableRows ofTarget) {
        if (all || ofTarget.all) {
            target.assign(source);
            ofTarget.all = all;
        } else if (!rows.isEmpty()) {
            int[] places = toArray();
            try (INDArray values = gather(source, places)) {
                kernels(target).scatter(values, places, target);
            }
        }
        ofTarget.rows.or(rows);
    }

    static INDArray gather(INDArray table, int[] places) {
        INDArray gathered =
                Nd4j.createUninitialized(table.dataType(), new long[] {places.length, table.columns()}, 'c');
        kernels(table).gather(table, places, gathered);
        return gathered;
    }

    private static Kernels kernels(INDArray table) {
        return KernelChoice.forType(table.dataType());
    }
}
