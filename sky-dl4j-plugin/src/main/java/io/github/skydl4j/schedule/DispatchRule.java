package io.github.skydl4j.schedule;

/**
 * How a free stage chooses among the next forward and the next backward of {@link ListScheduling}: a dispatching rule, in
 * the words of scheduling. Stateless or immutable.
 */
interface DispatchRule {

    /** Whether, of a forward and a backward that are both ready, given by their micro-batches, the forward goes first. */
    boolean prefersForward(int stage, int forward, int backward);

    /**
     * How long a stage stays idle rather than begin the forward that alone is ready, since the given backward is known to
     * arrive so soon: in shares of the forward's time, 0 for never.
     */
    default double patience(int backward) {
        return 0;
    }

    /** The backward, always. */
    DispatchRule BACKWARD_FIRST = (stage, forward, backward) -> false;

    /**
     * Forwards until there have been {@code lead} more of them than backwards; and patience until the first
     * {@code patientUntil} backwards are done. A gradient that comes back early sets the pace for all that follow it, and a
     * forward that has begun holds it up on one stage after the other.
     */
    static DispatchRule leading(int lead, double patience, int patientUntil) {
        return new DispatchRule() {
            @Override
            public boolean prefersForward(int stage, int forward, int backward) {
                return forward < lead + backward;
            }

            @Override
            public double patience(int backward) {
                return backward < patientUntil ? patience : 0;
            }
        };
    }

    /** Forwards until so many are done, then backwards. */
    static DispatchRule forwardsUntil(int count) {
        return (stage, forward, backward) -> forward < count;
    }
}
