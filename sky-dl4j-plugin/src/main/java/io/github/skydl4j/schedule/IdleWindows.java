package io.github.skydl4j.schedule;

/**
 * How soon each stage of a plan can be through, whatever the order of work. Stages and links are told from the first to
 * the last. Confined to one thread.
 *
 * <p>A stage i has its first input after the way F_i there and must be through the way B_i back before the step ends.
 * Between its first forward and the gradient that answers it lies the time S_i of the stages and links behind it, in
 * which there are only forwards to do; and these come no faster than the longest forward p (or link) before it:
 *
 * <pre>
 *   at F_i            +p            +2p           ...        F_i + f_i + S_i
 *      |F0|  idle      |F1|  idle    |F2|  idle                |B0| ...
 * </pre>
 *
 * The same holds from the end, time reversed, with the backwards: after the last forward only they are left, and the
 * stages before take them no faster than their longest backward. If the two windows overlap, all forwards precede all
 * backwards, and both come at the pace of the longest.
 */
final class IdleWindows {

    private final int microBatches;
    private final long pass;
    private long before;
    private long forwardPace;
    private long backwardPace;
    private long slowest;

    /** Before the first stage; {@code pass} is the time of all stages and links, both ways. */
    IdleWindows(int microBatches, long pass) {
        this.microBatches = microBatches;
        this.pass = pass;
    }

    /** The next stage; the earliest end of the step as far as this stage's own work decides it. */
    long stage(long forward, long backward) {
        forwardPace = Math.max(forwardPace, forward);
        backwardPace = Math.max(backwardPace, backward);
        slowest = Math.max(slowest, Math.max(forward, backward));
        long behind = pass - before - forward - backward;
        long mixed = before
                + microBatches * (forward + backward)
                + idle(forward, behind, forwardPace)
                + idle(backward, behind, backwardPace);
        long allIn = (microBatches - 1) * forwardPace;
        long allOut = (microBatches - 1) * backwardPace;
        long apart = before
                + forward
                + backward
                + Math.max(Math.max(behind, allIn) + allOut, Math.max(behind, allOut) + allIn);
        before += forward + backward;
        return Math.min(mixed, apart);
    }

    /** The link behind the last stage told. */
    void link(long nanos) {
        before += 2 * nanos;
        forwardPace = Math.max(forwardPace, nanos);
        backwardPace = Math.max(backwardPace, nanos);
        slowest = Math.max(slowest, nanos);
    }

    /** The earliest end of the step as the slowest forward, backward or transfer decides it, when all stages are told. */
    long ofSlowest() {
        return pass + (microBatches - 1) * slowest;
    }

    /** How long of a window in which the stages behind are passed there is nothing to do. */
    private long idle(long work, long behind, long pace) {
        long window = work + behind;
        if (work == 0) {
            return window;
        }
        long whole = Math.min(microBatches - 1, behind / pace + 1);
        long begun = whole < microBatches - 1 ? Math.max(0, window - whole * pace) : 0;
        return Math.max(0, window - whole * work - begun);
    }
}
