package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** One run of {@code sky plan}: reads, measures or takes a profile, plans, shows. Used once, by one thread. */
final class PlanRun {
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
        Optional<ModelProfile> saved = order.profile().map(ProfileFile::read);
        order.report().ifPresent(file -> OutputFile.requireWritable("--report", file));

        TextTask task = TextTask.load(config);
        ModelProfile profile = saved.isPresent() ? checked(saved.get(), task) : measured(task);
        PlanRequest request = new PlanRequest(
                profile.units(), cluster, task.microBatches(), config.pipeline().schedule());
        show(PlanComparison.of(request, planner));
    }

    private Cluster cluster() {
        if (order.cluster().isPresent()) {
            List<Worker> workers = ClusterFile.read(order.cluster().get());
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
        return ModelProfile.measure(task, network);
    }

    private ModelProfile checked(ModelProfile profile, TextTask task) {
        List<String> differences = profile.differencesTo(task);
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
            text.grid(comparison);
        }
        if (order.report().isPresent()) {
            PlanReport.of(comparison).write(order.report().get());
            new Narrator(out).wrote("the plan", order.report().get());
        }
    }
}
