package io.github.skydl4j.cluster;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.plan.WorkerProfile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known of a run before anything is measured, and then counts in place of it. Immutable.
 *
 * @param units of the network, for as many micro-batches as the run has
 * @param workers by their names, with speeds and links
 */
public record KnownCosts(Optional<List<UnitProfile>> units, Optional<Cluster> workers) {
    private static final Pattern SUCCESSOR = Pattern.compile("\\.\\d+$");

    /** Copies the list. */
    public KnownCosts {
        units = units.map(List::copyOf);
    }

    /** Everything is to be measured. */
    public static KnownCosts nothing() {
        return new KnownCosts(Optional.empty(), Optional.empty());
    }

    /** The workers' speeds and links alone. */
    public static KnownCosts of(Optional<Cluster> workers) {
        return new KnownCosts(Optional.empty(), workers);
    }

    /**
     * These members as they are known, in their order and with their memory; empty if one of them is not. The host of a
     * stage that was started again is named after the one before, {@code name.1}, and is known as that.
     */
    Optional<Cluster> of(Collection<Member> members) {
        if (workers.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> numbers = members.stream().map(this::number).toList();
        if (numbers.contains(-1) || new HashSet<>(numbers).size() != numbers.size()) {
            return Optional.empty();
        }
        Cluster here = workers.get().only(numbers);
        List<WorkerProfile> profiles = new ArrayList<>();
        for (Member member : members) {
            profiles.add(here.worker(profiles.size()).withMemory(member.traits().memoryBytes()));
        }
        return Optional.of(new Cluster(profiles, here.network()));
    }

    /** The number of the worker that is known by this name, or as the predecessor of it; -1 for none. */
    private int number(Member member) {
        List<String> names = workers.orElseThrow().workers().stream()
                .map(WorkerProfile::name)
                .toList();
        int number = names.indexOf(member.name());
        return number >= 0
                ? number
                : names.indexOf(SUCCESSOR.matcher(member.name()).replaceFirst(""));
    }
}
