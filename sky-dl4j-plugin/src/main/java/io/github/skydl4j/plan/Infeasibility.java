package io.github.skydl4j.plan;

import java.util.stream.LongStream;

/** Says why no plan fits: the first of a few causes that applies. */
final class Infeasibility {

    private Infeasibility() {}

    static InfeasiblePlanException of(CostModel costs) {
        int least = costs.leastInFlight(1);
        long held = LongStream.range(0, costs.workers())
                .map(worker -> Math.max(0, costs.usableBytes((int) worker)))
                .reduce(0, Infeasibility::saturatedSum);
        long needed = costs.bytes(0, costs.units(), least);
        if (held < needed) {
            return new InfeasiblePlanException("the " + costs.workers() + " workers hold " + Bytes.text(held)
                    + ", the model needs " + Bytes.text(needed) + ": add a worker or raise microBatches");
        }
        if (!costs.request().options().pins().isEmpty()) {
            return new InfeasiblePlanException("no cut into stages fits the workers and keeps the "
                    + costs.request().options().pins().size() + " pins: remove a pin or add a worker");
        }
        if (costs.owner().isPresent()) {
            return new InfeasiblePlanException("no cut into stages fits with both ends on worker "
                    + costs.request().cluster().worker(costs.owner().getAsInt()).name()
                    + ": add a worker or raise microBatches, or let the planner place the ends");
        }
        int roomiest = roomiest(costs);
        for (int unit = 0; unit < costs.units(); unit++) {
            if (!costs.fits(roomiest, unit, unit + 1, least)) {
                return unitTooLarge(costs, unit, roomiest, least);
            }
        }
        return new InfeasiblePlanException("the " + costs.workers() + " workers hold " + Bytes.text(held)
                + ", the model needs " + Bytes.text(needed)
                + ", but no cut into stages fits each worker's share: add a worker or raise microBatches");
    }

    private static InfeasiblePlanException unitTooLarge(CostModel costs, int unit, int roomiest, int inFlight) {
        return new InfeasiblePlanException(
                "unit " + costs.request().units().get(unit).name() + " needs "
                        + Bytes.text(costs.bytes(unit, unit + 1, inFlight)) + ", the roomiest worker "
                        + costs.request().cluster().worker(roomiest).name() + " has "
                        + Bytes.text(Math.max(0, costs.usableBytes(roomiest)))
                        + ": add a larger worker or raise microBatches");
    }

    private static int roomiest(CostModel costs) {
        int roomiest = 0;
        for (int worker = 1; worker < costs.workers(); worker++) {
            if (costs.usableBytes(worker) > costs.usableBytes(roomiest)) {
                roomiest = worker;
            }
        }
        return roomiest;
    }

    private static long saturatedSum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
