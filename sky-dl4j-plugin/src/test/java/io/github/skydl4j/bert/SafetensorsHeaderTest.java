package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsHeaderTest {
    private static final int MUTATIONS = 100_000;
    /** Classes are loaded on the first ones. */
    private static final int WARM_UP = 100;

    /** Of the JSON parser and its exceptions; a number in a header could ask for anything. */
    private static final long MOST_ALLOCATED = 1 << 20;

    private static final String SOUND = "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]}}";

    @TempDir
    private Path folder;

    @Test
    void readsTypesShapesAndOffsets() {
        SafetensorsHeader header = parse(
                "{\"__metadata__\":{\"format\":\"pt\"},'a':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]},"
                        + "'b':{'dtype':'I64','shape':[],'data_offsets':[24,32]}}",
                32);

        assertThat(header.tensors().get("a"))
                .isEqualTo(new SafetensorsHeader.Tensor("a", TensorType.F32, List.of(2L, 3L), 0, 24));
        assertThat(header.tensors().get("b").length()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[]|0|not a JSON object",
                "{|0|not JSON",
                "{} {}|0|not JSON",
                "{'a':3}|0|not an object",
                "{'a':{'dtype':'F99','shape':[1],'data_offsets':[0,4]}}|4|unknown type",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}|4|1 data_offsets",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}|4|before it begins",
                "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}|4|-1 in shape",
                "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}}|4|1.5 in shape",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}|4|takes 8 bytes",
                "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,4]}}|4|too large",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|8|the file holds 8",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|8|begins at 4",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],"
                        + "'data_offsets':[4,8]}}|8|begins at 4, a ends at 8",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],"
                        + "'data_offsets':[0,4]}}|4|not JSON: Duplicate"
            })
    void refusesWhatIsNotSound(String json, long dataBytes, String complaint) {
        assertThatThrownBy(() -> parse(json, dataBytes))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void refusesAHeaderLongerThanTheFile() throws IOException {
        for (long length : new long[] {3, 1000, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
            Path file = file(length, "{}");
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("at most 2");
        }
    }

    @Test
    void answersHundredThousandBrokenHeadersWithOneClearError() {
        byte[] json = SOUND.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] broken = mutate(json, random);
            try {
                SafetensorsHeader.parse(broken, 32);
            } catch (CheckpointException e) {
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 2);
    }

    /**
     * Whole files, length of the header included. A file that is refused, or that is still sound, costs memory in
     * proportion to its own size and not by a number in it. {@code -Dsky.fuzz=100000} does as many as that.
     */
    @Test
    void answersBrokenFilesWithOneClearErrorAndNoMemoryBeyondTheirSize() throws IOException {
        byte[] sound = Files.readAllBytes(file(SOUND.length(), SOUND, new byte[32]));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Random random = new Random(2);
        int refused = 0;
        for (int i = -WARM_UP; i < Integer.getInteger("sky.fuzz", 3_000); i++) {
            byte[] broken = mutate(sound, random);
            Path path = Files.write(folder.resolve("broken.safetensors"), broken);
            long before = threads.getCurrentThreadAllocatedBytes();
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                assertThat(file.tensors().values()).allMatch(tensor -> tensor.end() <= broken.length);
            } catch (CheckpointException e) {
                assertThat(e.getMessage()).startsWith(path.toString()).doesNotContain("\n");
                refused++;
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(i < 0 ? 0 : allocated)
                    .as(new String(broken, StandardCharsets.ISO_8859_1))
                    .isLessThan(MOST_ALLOCATED);
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void readsEveryFloatingType() throws IOException {
        String json = "{'d':{'dtype':'F64','shape':[1],'data_offsets':[0,8]},"
                + "'f':{'dtype':'F32','shape':[1],'data_offsets':[8,12]},"
                + "'h':{'dtype':'F16','shape':[3],'data_offsets':[12,18]},"
                + "'b':{'dtype':'BF16','shape':[1],'data_offsets':[18,20]}}";
        ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(Math.PI).putFloat(-1.5f);
        data.putShort((short) 0x3C01).putShort((short) 0x8001).putShort((short) 0xFBFF);
        data.putShort((short) 0xC049);
        Path path = file(json.length(), json, data.array());

        assertThat(read(path, "d", 1)).containsExactly(Math.PI);
        assertThat(read(path, "f", 1)).containsExactly(-1.5);
        assertThat(read(path, "h", 3)).containsExactly(1 + 0x1p-10, -0x1p-24, -65504);
        assertThat(read(path, "b", 1)).containsExactly(-3.140625);
    }

    @Test
    void leavesNoFileOpenAfterAnError() throws IOException {
        Path file = file(2, "[]");

        assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(CheckpointException.class);

        assertThatCode(() -> Files.delete(file)).doesNotThrowAnyException();
    }

    private static byte[] mutate(byte[] json, Random random) {
        byte[] broken = json.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(broken.length);
            switch (random.nextInt(4)) {
                case 0 -> broken[at] = (byte) random.nextInt(256);
                case 1 -> broken[at] = (byte) ('0' + random.nextInt(10));
                case 2 -> broken[at] = (byte) "{}[]\",:-eE.".charAt(random.nextInt(11));
                default -> broken = Arrays.copyOf(broken, Math.max(1, at));
            }
        }
        return broken;
    }

    private static SafetensorsHeader parse(String json, long dataBytes) {
        return SafetensorsHeader.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    private Path file(long headerLength, String json, byte... data) throws IOException {
        byte[] header = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .put(header)
                .put(data);
        return Files.write(folder.resolve("file.safetensors"), bytes.array());
    }

    private static double[] read(Path path, String name, int length) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            INDArray target = Nd4j.create(DataType.DOUBLE, length);
            file.read(name, target);
            return target.toDoubleVector();
        }
    }
}
