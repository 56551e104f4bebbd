package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.OrderBound;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Arrays;
import java.util.Optional;

/**
 * The step that no plan beats, with a given schedule.
 *
 * <p>Let a plan have stage times t_1 ... t_k and the step T, let x be its longest stage, P the time of the pass through all
 * stages and links, and p the least share that the longer of forward and backward has in a stage (1 for GPipe, where both
 * add up). {@link StepBound} says P + (m - 1) p x &lt;= T, and of every stage m t_i &lt;= T - head_i with the head all time
 * before it. So a stage whose head is more than T - m x comes after the longest one, and idles ({@link OrderBound}): with
 * what is behind it, P - head_i - t_i,
 *
 * <pre>
 *   m t_i + 2 (1 - t_i / x) (P - head_i - t_i) &lt;= T - head_i      or      t_i + (m - 1) x &lt;= T - head_i
 * </pre>
 *
 * It idles in the same way behind links ({@link Idling}). So a stage is capped by its head. Where the cap never rises, and a
 * stage that is longer lowers those behind it by no more than that, the i fastest workers together last longest if they come
 * first, fastest first, each up to the cap: taking the others away only makes heads smaller. So filling in that order gives
 * the least pass that does all work. That needs P, of which nothing is
 * known at first; but each such pass is a better lower bound of P, until it is consistent, or too long for T. x is told
 * apart in narrow ranges from the proved bound of the bottleneck on, through which whole units and memory count. The pass has
 * a link for every stage but the first, and no plan has fewer stages; in heads a stage pays for its link in proportion to its
 * time, all of it at T / m. Where one worker alone is too slow there is a link, which may take longer than p x. O(workers +
 * cells) a filling.
 */
final class StepFloor {

    private static final double CERTAIN = 1e-5;
    private static final double NARROW = 1.001;
    /** With so few workers there are many small problems, and what a finer look would bring plans are enumerated for. */
    private static final int FEW_WORKERS = 12;

    private static final double LESS_NARROW = 1.005;
    private static final int FEW_CELLS = 50;
    private static final int MOST_FILLINGS = 40;
    private static final double IMPOSSIBLE = Double.POSITIVE_INFINITY;

    private final int microBatches;
    private final double work;
    private final double[] slowness;
    private final double link;
    private final double share;
    private final Idling idling;
    private final double least;
    private final double narrow;
    private final int cells;

    private StepFloor(CostModel costs, long bottleneckBound) {
        ForwardShares forwards = ForwardShares.of(costs);
        this.microBatches = costs.microBatches();
        this.work = StepBound.referenceWork(costs);
        this.slowness = StepBound.fastestFactors(costs);
        Arrays.sort(slowness);
        this.link = leastLink(costs);
        this.share = costs.request().schedule() == ScheduleKind.GPIPE ? 1 : forwards.ofLonger();
        this.idling = new Idling(costs);
        this.least = leastLongest(costs, bottleneckBound);
        this.narrow = costs.workers() <= FEW_WORKERS ? LESS_NARROW : NARROW;
        this.cells = costs.workers() <= FEW_WORKERS ? FEW_CELLS : StageCaps.FINE;
    }

    /** The floor, given what is proved about the bottleneck. */
    static long of(CostModel costs, long bottleneckBound) {
        long pass = StepBound.fastestPass(costs);
        if (costs.owner().isPresent()) { // The argument counts one stage a worker: here only that all are busy remains.
            return Math.max(pass, costs.microBatches() * StepBound.bottleneck(costs));
        }
        return Math.max(pass, (long) Math.floor(new StepFloor(costs, bottleneckBound).search((double) pass)));
    }

    /** The most that the pass of plans of this step can take whose longest stage takes so long or longer. */
    static double mostPass(CostModel costs, long bottleneckBound, double step, double longest) {
        return step - new StepFloor(costs, bottleneckBound).leastSlack(step, longest);
    }

    /** How long stages can be in plans of this step whose longest stage is in [low, high]; empty if there are none. */
    static Optional<StageCaps> caps(CostModel costs, long bottleneckBound, double step, double low, double high) {
        StepFloor floor = new StepFloor(costs, bottleneckBound);
        double pass = floor.pass(step, low, high, 0);
        return pass == IMPOSSIBLE
                ? Optional.empty()
                : Optional.of(new StageCaps(step, costs.microBatches(), low, high, pass, floor.idling, floor.cells));
    }

    private double search(double certain) {
        double low = Math.max(certain, least * microBatches);
        double high = Math.max(1, low);
        while (!mayBe(high)) {
            low = high;
            high *= 1.1;
        }
        while (high - low > CERTAIN * high) {
            double middle = (low + high) / 2;
            if (mayBe(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** Whether some longest stage makes the step possible: ranges of it are halved where they are not ruled out as a whole. */
    private boolean mayBe(double step) {
        return mayBe(step, Math.max(1, least), Math.max(Math.max(1, least), step / microBatches), 0);
    }

    private boolean mayBe(double step, double low, double high, double knownPass) {
        double pass = pass(step, low, high, knownPass);
        if (pass == IMPOSSIBLE) {
            return false;
        }
        double middle = Math.sqrt(low * high);
        return high <= low * narrow || mayBe(step, low, middle, pass) || mayBe(step, middle, high, pass);
    }

    /** The least pass, at least a known one, of plans whose longest stage is in [low, high]; infinite if there are none. */
    private double pass(double step, double low, double high, double known) {
        double most = (step - leastSlack(step, low)) * (1 + CERTAIN);
        double pass = known;
        for (int i = 0; i < MOST_FILLINGS; i++) {
            double longer = leastPass(step, new StageCaps(step, microBatches, low, high, pass, idling, cells));
            if (longer > most) {
                return IMPOSSIBLE;
            }
            if (longer <= pass * (1 + CERTAIN)) {
                return pass;
            }
            pass = longer;
        }
        return pass;
    }

    /** What a step takes at least beyond the pass; where one worker is too slow there is a link, which may be the longest. */
    private double leastSlack(double step, double longest) {
        double ofLink = microBatches * work * slowness[0] > step ? link / 2 : 0;
        return (microBatches - 1) * Math.max(share * longest, ofLink);
    }

    /** The least time in which one micro-batch passes all stages within the caps; infinite if they do not do all work. */
    private double leastPass(double step, StageCaps caps) {
        double head = 0;
        double pass = 0;
        double left = work;
        double ownLink = 0;
        double withLink = 1;
        for (double factor : slowness) {
            double room = caps.at(head);
            if (room <= 0 || left <= CERTAIN * work) {
                break;
            }
            double nanos = Math.min(room, left * factor);
            left -= nanos / factor;
            head += nanos * withLink;
            pass += nanos + ownLink;
            ownLink = link;
            withLink = idling.withLink(step);
        }
        return left <= CERTAIN * work ? pass : IMPOSSIBLE;
    }

    /** The least that both ways over any link take. */
    static double leastLink(CostModel costs) {
        long cheapest = Long.MAX_VALUE;
        for (int cut = 1; cut < costs.units(); cut++) {
            cheapest = Math.min(cheapest, costs.fastestLink(cut));
        }
        return cheapest == Long.MAX_VALUE ? 0 : 2.0 * cheapest;
    }

    /** The least that the longest stage takes: the bottleneck, unless that may be a link. */
    static long leastLongest(CostModel costs, long bottleneckBound) {
        for (int cut = 1; cut < costs.units(); cut++) {
            if (costs.slowestLink(cut) >= bottleneckBound) {
                return StepBound.bottleneck(costs);
            }
        }
        return bottleneckBound;
    }
}
