package io.github.skydl4j.bench;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.Worker;
import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.TraceFile;
import io.github.skydl4j.monitor.metrics.PrometheusEndpoint;
import io.github.skydl4j.monitor.ui.SkyUi;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.text.BatchOptions;
import io.github.skydl4j.text.BertBatches;
import io.github.skydl4j.text.Sample;
import io.github.skydl4j.text.TextSet;
import io.github.skydl4j.text.TsvFormat;
import io.github.skydl4j.text.TsvReader;
import io.github.skydl4j.text.VocabularyBuilder;
import io.github.skydl4j.text.WordPieces;
import io.github.skydl4j.text.Words;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Samples per second with everything on (events, trace, the page's data and the metrics asked for once a second) over those
 * with nothing on: two trainers of the same network, plan and sentences, turn by turn in short rounds. Workers are not
 * slowed down, so that no idling hides the work. Arguments: rounds, workers.
 */
final class MonitorOverhead {
    private static final int LENGTH = 32;
    private static final int BATCH = 64;
    private static final int STEPS_OF_A_ROUND = 2;
    private static final int MICRO_BATCHES = 16;
    private static final int WARM_UP = 30;
    /** So that the page and the metrics are asked for about once a second. */
    private static final int ROUNDS_OF_A_QUESTION = 5;

    private static final int QUESTIONS_TO_WARM_UP = 300;

    private MonitorOverhead() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[0]);
        int workers = Integer.parseInt(arguments[1]);
        Path trace = Files.createTempFile("trace", ".json");
        try (Monitor monitor = Monitor.start();
                TraceFile file = new TraceFile(trace, monitor.runId(), TraceFile.MOST_BYTES);
                SkyUi ui = SkyUi.show(monitor, SkyUi.loopback(0));
                PrometheusEndpoint metrics = PrometheusEndpoint.open(monitor, SkyUi.loopback(0));
                Contender off = new Contender(workers, null);
                Contender on = new Contender(workers, monitor)) {
            monitor.addListener(file);
            URI page = URI.create(ui.pageAddress() + "/data");
            URI scrape = URI.create("http://127.0.0.1:" + metrics.address().getPort() + "/metrics");
            off.ask(QUESTIONS_TO_WARM_UP, page, scrape);
            List<Round> done = new ArrayList<>();
            for (int round = -WARM_UP; round < rounds; round++) {
                boolean offFirst = round % 2 == 0;
                double offSeconds = offFirst ? off.seconds() : 0;
                double onSeconds = round % ROUNDS_OF_A_QUESTION == 0 ? on.seconds(page, scrape) : on.seconds();
                offSeconds = offFirst ? offSeconds : off.seconds();
                if (round >= 0) {
                    done.add(new Round(offSeconds, onSeconds));
                }
            }
            print(done);
        } finally {
            Files.delete(trace);
        }
    }

    /** What both took in a round. */
    private record Round(double off, double on) {
        double both() {
            return off + on;
        }
    }

    /** The rounds in which something else took the processor are left out: the slowest fifth. */
    private static void print(List<Round> done) {
        List<Round> kept = done.stream()
                .sorted(Comparator.comparingDouble(Round::both))
                .limit(Math.max(1, done.size() * 4L / 5))
                .toList();
        double off = kept.stream().mapToDouble(Round::off).sum();
        double on = kept.stream().mapToDouble(Round::on).sum();
        double[] ratios = kept.stream()
                .mapToDouble(round -> round.off() / round.on())
                .sorted()
                .toArray();
        System.out.printf(
                "off %.0f samples/s, on over off %.4f (%d rounds, their median %.4f, quartiles %.4f and %.4f)%n",
                kept.size() * STEPS_OF_A_ROUND * BATCH / off,
                off / on,
                kept.size(),
                ratios[ratios.length / 2],
                ratios[ratios.length / 4],
                ratios[ratios.length * 3 / 4]);
    }

    /** One of the two trainers. */
    private static final class Contender implements AutoCloseable {
        private static final HttpClient CLIENT = HttpClient.newHttpClient();

        private final BertBatches batches;
        private final SkyTrainer trainer;

        Contender(int workers, @Nullable Monitor monitor) {
            TextSet sentences = new TsvReader(TsvFormat.detected(), new Sample.Seeded(STEPS_OF_A_ROUND * BATCH, 1))
                    .read(Path.of("..", "..", "config-templates", "data", "sentiment", "train.tsv"));
            Words words = new Words(true);
            WordPieces pieces =
                    new WordPieces(new VocabularyBuilder(words).add(sentences).build(2000, 1), words);
            batches = new BertBatches(sentences, pieces, BatchOptions.inOrder(BATCH, LENGTH));
            List<Worker> all = new ArrayList<>();
            for (int w = 0; w < workers; w++) {
                all.add(Worker.named("worker-" + w));
            }
            SkyTrainer.Builder builder = SkyTrainer.builder(
                            network(pieces.vocabulary().size()))
                    .workers(all)
                    .planner(new EvenPlanner())
                    .schedule(ScheduleKind.GPIPE)
                    .microBatches(MICRO_BATCHES);
            trainer =
                    monitor == null ? builder.build() : builder.monitor(monitor).build();
        }

        /** The time of a round in which the addresses are asked too. */
        double seconds(URI... asked) {
            List<CompletableFuture<?>> answers = new ArrayList<>();
            long start = System.nanoTime();
            for (URI address : asked) {
                answers.add(CLIENT.sendAsync(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()));
            }
            trainer.fit(batches);
            double seconds = (System.nanoTime() - start) / 1e9;
            answers.forEach(CompletableFuture::join);
            return seconds;
        }

        /** Until the JVM has compiled what answers, which a run of hours does once. */
        void ask(int times, URI... asked) {
            for (int i = 0; i < times; i++) {
                for (URI address : asked) {
                    CLIENT.sendAsync(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                            .join();
                }
            }
        }

        private static ComputationGraph network(int vocabularySize) {
            BertConfig config = BertConfig.builder()
                    .hiddenSize(128)
                    .hiddenLayers(4)
                    .attentionHeads(4)
                    .intermediateSize(512)
                    .maxPositions(LENGTH)
                    .vocabularySize(vocabularySize)
                    .labels(2)
                    .dropout(0)
                    .build();
            ComputationGraph network = new ComputationGraph(
                    BertGraph.builder(config).seed(1).updater(new Adam(5e-4)).build());
            network.init();
            return network;
        }

        @Override
        public void close() {
            trainer.close();
        }
    }
}
