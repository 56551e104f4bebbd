package io.github.skydl4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.junit.jupiter.api.Test;

/** What a master is told, and how that is written down. */
class SkyTrainingMasterFormatTest {
    /** TestJsonYaml.testJsonYaml. */
    @Test
    void survivesJsonAndYaml() {
        SkyTrainingMaster master = new SkyTrainingMaster.Builder(2)
                .planner("proportional")
                .microBatches(4)
                .batchSize(32)
                .slowdowns(0, 3)
                .dilation(2)
                .rddTrainingApproach(RDDTrainingApproach.Export)
                .exportDirectory("hdfs:///exports")
                .collectTrainingStats(true)
                .build();

        assertThat(SkyTrainingMaster.fromJson(master.toJson()).toJson()).isEqualTo(master.toJson());
        assertThat(SkyTrainingMaster.fromYaml(master.toYaml()).toJson()).isEqualTo(master.toJson());
        assertThat(master.toJson()).contains("\"planner\" : \"proportional\"", "\"batchSize\" : 32");
        master.close();
    }

    @Test
    void refusesTextThatIsNoMaster() {
        String json = new SkyTrainingMaster.Builder(2).build().toJson();

        assertThatThrownBy(() -> SkyTrainingMaster.fromJson(json.replace("microBatches", "microBatch")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("microBatches");
        assertThatThrownBy(() -> SkyTrainingMaster.fromYaml("workers: [}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("YAML");
    }

    @Test
    void refusesOptionsOutOfRangeSayingWhatIsAllowed() {
        assertThatThrownBy(() -> new SkyTrainingMaster.Builder(0).build()).hasMessageContaining("workers is 0");
        assertThatThrownBy(
                        () -> new SkyTrainingMaster.Builder(2).planner("best").build())
                .hasMessageContaining("best")
                .hasMessageContaining("exact");
        assertThatThrownBy(() -> new SkyTrainingMaster.Builder(2).slowdowns(1).build())
                .hasMessageContaining("one for each of the 2 workers");
    }
}
