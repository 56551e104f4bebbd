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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Samples per second with everything on (events, trace, the page's data asked for and metrics scraped once a round) over
 * those with nothing on: two trainers of the same network, plan and sentences, turn by turn, the median over the rounds of
 * the ratio within a round. Workers are not slowed down, so that no idling hides the work. Arguments: rounds, workers.
 */
final class MonitorOverhead {
    private static final int LENGTH = 32;
    private static final int BATCH = 64;
    private static final int STEPS_OF_A_ROUND = 12;
    private static final int MICRO_BATCHES = 16;
    private static final int WARM_UP = 4;

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
            double[] ratios = new double[rounds];
            double[] perSecond = new double[rounds];
            for (int round = -WARM_UP; round < rounds; round++) {
                boolean offFirst = round % 2 == 0;
                double offSpeed = offFirst ? off.samplesPerSecond() : 0;
                double onSpeed = on.samplesPerSecond(page, scrape);
                offSpeed = offFirst ? offSpeed : off.samplesPerSecond();
                if (round >= 0) {
                    ratios[round] = onSpeed / offSpeed;
                    perSecond[round] = offSpeed;
                }
            }
            Arrays.sort(ratios);
            Arrays.sort(perSecond);
            System.out.printf(
                    "off %.0f samples/s, on over off %.4f (median of %d rounds, quartiles %.4f and %.4f)%n",
                    perSecond[rounds / 2], ratios[rounds / 2], rounds, ratios[rounds / 4], ratios[rounds * 3 / 4]);
        } finally {
            Files.delete(trace);
        }
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

        double samplesPerSecond(URI... asked) {
            List<CompletableFuture<?>> answers = new ArrayList<>();
            long start = System.nanoTime();
            for (URI address : asked) {
                answers.add(CLIENT.sendAsync(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()));
            }
            trainer.fit(batches);
            double seconds = (System.nanoTime() - start) / 1e9;
            answers.forEach(CompletableFuture::join);
            return STEPS_OF_A_ROUND * BATCH / seconds;
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
