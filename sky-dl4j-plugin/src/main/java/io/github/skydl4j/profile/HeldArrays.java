package io.github.skydl4j.profile;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Finds the buffers behind all arrays that an object holds, through fields, collections and records. A view counts as its
 * whole buffer, and a buffer counts once, however many arrays see it. Confined to one thread.
 */
final class HeldArrays {
    private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();

    private final Set<DataBuffer> known = identitySet();

    /** The buffers that are seen for the first time, below {@code root}; other vertices and the graph are not entered. */
    Set<DataBuffer> discover(Object root) {
        Set<DataBuffer> found = reachable(root);
        found.removeIf(buffer -> !known.add(buffer));
        return found;
    }

    /** All buffers below {@code root}, known or not. */
    static Set<DataBuffer> reachable(Object root) {
        Set<DataBuffer> found = identitySet();
        Set<Object> visited = identitySet();
        Deque<Object> open = new ArrayDeque<>();
        visit(root, visited, open);
        while (!open.isEmpty()) {
            Object next = open.removeLast();
            if (next instanceof INDArray array) {
                add(array, found);
            } else {
                for (Object part : parts(next)) {
                    visit(part, visited, open);
                }
            }
        }
        return found;
    }

    static long bytes(Collection<DataBuffer> buffers) {
        return buffers.stream()
                .mapToLong(buffer -> buffer.length() * buffer.getElementSize())
                .sum();
    }

    private static void visit(@Nullable Object object, Set<Object> visited, Deque<Object> open) {
        boolean enters = object instanceof INDArray
                || object instanceof Collection
                || object instanceof Map
                || object instanceof Object[]
                || isOfInterest(object);
        if (object != null && enters && visited.add(object)) {
            open.addLast(object);
        }
    }

    private static boolean isOfInterest(@Nullable Object object) {
        if (object == null || object instanceof ComputationGraph || object instanceof Enum || object instanceof Class) {
            return false;
        }
        String type = object.getClass().getName();
        return !type.startsWith("java.")
                && !type.startsWith("jdk.")
                && !type.startsWith("sun.")
                && !type.startsWith("org.slf4j.")
                && !type.startsWith("org.bytedeco.")
                && !type.startsWith("org.deeplearning4j.nn.conf.");
    }

    private static void add(INDArray array, Set<DataBuffer> found) {
        if (array.isEmpty() || array.wasClosed()) {
            return;
        }
        DataBuffer buffer = array.data();
        while (buffer.originalDataBuffer() != null && buffer.originalDataBuffer() != buffer) {
            buffer = buffer.originalDataBuffer();
        }
        found.add(buffer);
    }

    private static Collection<?> parts(Object object) {
        if (object instanceof Collection<?> collection) {
            return collection;
        }
        if (object instanceof Map<?, ?> map) {
            List<Object> parts = new ArrayList<>(map.keySet());
            parts.addAll(map.values());
            return parts;
        }
        List<@Nullable Object> parts = new ArrayList<>();
        if (object instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                parts.add(Array.get(array, i));
            }
            return parts;
        }
        for (Field field : fields(object.getClass())) {
            Object value = value(field, object);
            if (!(value instanceof GraphVertex)) {
                parts.add(value);
            }
        }
        return parts;
    }

    private static @Nullable Object value(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " was made accessible", e);
        }
    }

    private static synchronized List<Field> fields(Class<?> type) {
        return FIELDS.computeIfAbsent(type, HeldArrays::readableFields);
    }

    private static List<Field> readableFields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                boolean holds = !field.getType().isPrimitive() && !Modifier.isStatic(field.getModifiers());
                if (holds && field.trySetAccessible()) {
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    private static <T> Set<T> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
