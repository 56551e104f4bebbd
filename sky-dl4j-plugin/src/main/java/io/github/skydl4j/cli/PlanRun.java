package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.PlanOptions;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.profile.ModelProfile;
import io.github.skydl4j.profile.ProfileStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** One run of {@code sky plan}: reads, measures or takes a profile, plans, shows. Used once, by one thread. */
final class PlanRun {
    private static final int MOST_NAMES = 10;
    /** Of so many workers plans are searched for at some length. */
    private static final int MANY_WORKERS = 12;

    private final RunConfig config;
    private final PlanOrder order;
    private final PrintStream out;
    private final PrintStream err;

    PlanRun(RunConfig config, PlanOrder order, PrintStream out, PrintStream err) {
        this.config = config;
        this.order = order;
        this.out = out;
        this.err = err;
    }

    void run() throws IOException {
        // All that can be refused comes before the measuring.
        Planner planner = order.plannerOr(config.pipeline().planner());
        Cluster cluster = cluster();
        Optional<String> owner = owner(cluster);
        Optional<ModelProfile> saved = order.profile().map(ProfileFile::read);
        order.report().ifPresent(file -> OutputFile.requireWritable("--report", file));

        TextTask task = TextTask.load(config);
        ModelProfile profile = saved.isPresent() ? checked(saved.get(), task) : measured(task);
        PlanRequest request = new PlanRequest(
                // The workers of the configuration are played by this machine, those of a cluster file are machines.
                order.cluster().isPresent() ? profile.units() : profile.host().played(profile.units()),
                cluster,
                task.microBatches(),
                config.pipeline().schedule(),
                PlanOptions.defaults().withScratchBytes(profile.scratchBytes()));
        if (cluster.size() > MANY_WORKERS && !PlanComparison.leavesOutExact(planner)) {
            new Narrator(out).planning(cluster.size(), request.units().size());
        }
        show(PlanComparison.of(owner.map(request::withOwner).orElse(request), planner));
    }

    private Optional<String> owner(Cluster cluster) {
        Optional<String> owner = order.ownerOr(config.pipeline().owner());
        List<String> names = cluster.workers().stream().map(WorkerProfile::name).toList();
        if (owner.isPresent() && !names.contains(owner.get())) {
            throw new ConfigException("owner: found " + owner.get() + ", expected one of the workers "
                    + String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size()))));
        }
        return owner;
    }

    private Cluster cluster() {
        if (order.cluster().isPresent()) {
            List<Worker> workers =
                    ClusterFile.read(order.cluster().get(), config.pipeline().wire());
            return Worker.cluster(workers, 1);
        }
        return config.pipeline().cluster();
    }

    private ModelProfile measured(TextTask task) {
        Narrator narrator = new Narrator(out);
        narrator.data(task);
        ComputationGraph network = task.network();
        narrator.model(task, network.params().length());
        narrator.measuring();
        ProfileStore.Found found = new TaskProfile(task).find(network);
        narrator.profiled(found.origin());
        return found.profile();
    }

    private ModelProfile checked(ModelProfile profile, TextTask task) {
        List<String> differences = new TaskProfile(task).differencesTo(profile);
        if (!differences.isEmpty()) {
            Path file = order.profile().orElseThrow();
            err.println("sky: warning: " + file + " was measured elsewhere or otherwise: "
                    + String.join("; ", differences) + " (./sky profile measures anew)");
        }
        return profile;
    }

    private void show(PlanComparison comparison) throws IOException {
        PlanText text = new PlanText(out);
        text.show(comparison);
        if (order.simulate()) {
            text.chart(comparison);
        }
        if (order.report().isPresent()) {
            PlanReport.of(comparison).write(order.report().get());
            new Narrator(out).wrote("the plan", order.report().get());
        }
    }
}
