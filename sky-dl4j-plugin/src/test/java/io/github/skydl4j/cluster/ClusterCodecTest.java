package io.github.skydl4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.pipeline.StageResult;
import io.github.skydl4j.transport.MessageCodec;
import io.github.skydl4j.transport.WireReader;
import io.github.skydl4j.transport.WireWriter;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ClusterCodecTest {
    /** The time of a transfer once stayed behind, so that a search on a cluster learned nothing of its links. */
    @Test
    void allThatAStageTookArrives() {
        Report.Trained trained = new Report.Trained(7, new StageResult(1.5, 0.25, 11, 12, 13, 14));
        MessageCodec codec = ClusterCodec.codec();
        WireWriter out = new WireWriter(1000);
        codec.write(trained, out);

        assertThat(codec.read(new WireReader(ByteBuffer.wrap(out.toBytes())))).isEqualTo(trained);
    }
}
