package io.github.skydl4j.bert;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of contents of a safetensors file, checked: types are known, shapes match their bytes, and the tensors fill
 * the data without overlap or gap.
 *
 * <pre>
 *  0        8              8 + n                         end
 *  +--------+--------------+-----------------------------+
 *  | n (LE) | JSON, n bytes| data; offsets count from 8+n |
 *  +--------+--------------+-----------------------------+
 * </pre>
 *
 * <p>Immutable. Parsing allocates in proportion to the header, never by a number found in it.
 */
record SafetensorsHeader(Map<String, Tensor> tensors) {
    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One tensor; its bytes are {@code [first, end)} of the data. */
    record Tensor(String name, TensorType type, List<Long> shape, long first, long end) {
        Tensor {
            shape = List.copyOf(shape);
        }

        long length() {
            return (end - first) / type.bytes();
        }
    }

    SafetensorsHeader {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /**
     * Parses and checks a header.
     *
     * @param dataBytes how many bytes follow it in the file
     * @throws CheckpointException saying what is wrong with which tensor
     */
    static SafetensorsHeader parse(byte[] json, long dataBytes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        JsonNode root = read(json);
        require(root.isObject(), "header is not a JSON object");
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue()));
            }
        }
        requireFilled(tensors.values().stream().toList(), dataBytes);
        return new SafetensorsHeader(tensors);
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CheckpointException("header is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException("header is not JSON: " + e.getMessage(), e);
        }
    }

    private static Tensor tensor(String name, JsonNode json) {
        require(json.isObject(), "tensor %s is not an object", name);
        TensorType type = type(name, json.path("dtype").asText());
        List<Long> shape = naturals(name, "shape", json.path("shape"));
        List<Long> offsets = naturals(name, "data_offsets", json.path("data_offsets"));
        require(offsets.size() == 2, "tensor %s has %d data_offsets, not 2", name, offsets.size());
        long first = offsets.get(0);
        long end = offsets.get(1);
        require(first <= end, "tensor %s ends at %d before it begins at %d", name, end, first);
        long expected = byteLength(name, shape, type);
        require(
                end - first == expected,
                "tensor %s of shape %s and type %s takes %d bytes, its offsets span %d",
                name,
                shape,
                type,
                expected,
                end - first);
        return new Tensor(name, type, shape, first, end);
    }

    private static TensorType type(String name, String dtype) {
        for (TensorType type : TensorType.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw new CheckpointException("tensor " + name + " has the unknown type \"" + dtype + "\"");
    }

    private static List<Long> naturals(String name, String field, JsonNode json) {
        require(json.isArray(), "tensor %s has no array %s", name, field);
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : json) {
            require(
                    number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0,
                    "tensor %s has %s in %s",
                    name,
                    number,
                    field);
            numbers.add(number.longValue());
        }
        return numbers;
    }

    private static long byteLength(String name, List<Long> shape, TensorType type) {
        try {
            long length = type.bytes();
            for (long size : shape) {
                length = Math.multiplyExact(length, size);
            }
            return length;
        } catch (ArithmeticException e) {
            throw new CheckpointException("tensor " + name + " is too large: shape " + shape, e);
        }
    }

    private static void requireFilled(List<Tensor> tensors, long dataBytes) {
        long filled = 0;
        Tensor previous = null;
        for (Tensor tensor : tensors.stream()
                .sorted(Comparator.comparingLong(Tensor::first).thenComparingLong(Tensor::end))
                .toList()) {
            require(
                    tensor.first() == filled,
                    "tensor %s begins at %d, %s ends at %d",
                    tensor.name(),
                    tensor.first(),
                    previous == null ? "the header" : previous.name(),
                    filled);
            filled = tensor.end();
            previous = tensor;
        }
        require(filled == dataBytes, "the tensors take %d bytes, the file holds %d", filled, dataBytes);
    }

    @SuppressWarnings("AnnotateFormatMethod") // would tie the code to error-prone's annotations
    private static void require(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new CheckpointException(message.formatted(arguments));
        }
    }
}
