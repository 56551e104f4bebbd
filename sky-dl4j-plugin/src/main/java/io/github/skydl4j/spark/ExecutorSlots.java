package io.github.skydl4j.spark;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;

/** How many tasks an application can run at a time, and the wait for more. Thread-safe. */
final class ExecutorSlots extends SparkListener {
    /** An executor that has been announced may take a moment to count. */
    private static final long CHECK_MILLIS = 250;

    private final SparkContext context;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    private ExecutorSlots(SparkContext context) {
        this.context = context;
    }

    /**
     * Waits until there are slots for the hosts of stages, which keep theirs, and one for the tasks that read data.
     *
     * @throws IllegalStateException if there are not within the limit
     */
    static void await(SparkContext context, int hosts, Duration limit) {
        ExecutorSlots slots = new ExecutorSlots(context);
        context.addSparkListener(slots);
        try {
            if (!slots.reach(hosts + 1, limit)) {
                throw new IllegalStateException(
                        hosts + " workers host a stage each and keep an executor slot, and reading"
                                + " data takes one more: " + (hosts + 1) + " slots are needed, but Spark has "
                                + slots.now()
                                + " after " + limit.toSeconds() + " s: give the application more executors or cores"
                                + " (spark.cores.max, spark.executor.instances, spark.executor.cores), or the master fewer workers");
            }
        } finally {
            context.removeSparkListener(slots);
        }
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
        lock.lock();
        try {
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean reach(int wanted, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (now() < wanted) {
                if (System.nanoTime() >= end) {
                    return false;
                }
                boolean early = added.await(CHECK_MILLIS, TimeUnit.MILLISECONDS);
                if (early && now() >= wanted) {
                    return true;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private int now() {
        return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    }
}
