package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class DoorTest {
    private static final SharedKey KEY = SharedKey.random();

    @Test
    void admitsWhoShowsTheKey() {
        try (Member a = new Member("a");
                Member b = new Member("b")) {
            a.asks(b);
            pollUntil(() -> !a.guests.isEmpty() && !b.guests.isEmpty(), a, b);
            assertThat(a.guests).singleElement().satisfies(guest -> {
                assertThat(guest.peer()).isEqualTo("b");
                assertThat(guest.initiator()).isTrue();
            });
            assertThat(b.guests).singleElement().satisfies(guest -> {
                assertThat(guest.peer()).isEqualTo("a");
                assertThat(guest.initiator()).isFalse();
            });
        }
    }

    /**
     * Neighbours in a pipeline open channels to each other at the same moment. One that had answered the other's hello sent
     * its own all the same; then there were two attempts, and where they ended in different orders each side kept another
     * one: both links were dead, and the stages could not be set up for half a minute.
     */
    @Test
    void whoHasBeenAskedDoesNotAskAsWell() {
        for (boolean firstComesFirst : new boolean[] {true, false}) {
            try (Member first = new Member(firstComesFirst ? "a" : "b");
                    Member second = new Member(firstComesFirst ? "b" : "a")) {
                first.asks(second);
                pollUntil(() -> second.answered(), first.silent(), second);
                second.asks(first);
                pollUntil(() -> !first.guests.isEmpty() && !second.guests.isEmpty(), second, first);
                // Whatever is still under way has time to arrive.
                pollFor(Duration.ofMillis(300), first, second);
                assertThat(first.guests).hasSize(1);
                assertThat(second.guests).hasSize(1);
                assertThat(second.guests.get(0).random())
                        .isEqualTo(first.guests.get(0).random());
            }
        }
    }

    @Test
    void twoWhoAskAtOnceAgreeOnOneAttempt() {
        try (Member a = new Member("a");
                Member b = new Member("b")) {
            a.asks(b);
            b.asks(a);
            pollUntil(() -> !a.guests.isEmpty() && !b.guests.isEmpty(), a, b);
            pollFor(Duration.ofMillis(300), a, b);
            assertThat(a.guests.get(a.guests.size() - 1).random())
                    .isEqualTo(b.guests.get(b.guests.size() - 1).random());
        }
    }

    /** One of a newer version got no answer and gave up saying that nobody was there. */
    @Test
    void tellsAMemberOfAnotherVersionThatItIsOne() {
        DoorPacket.Nonce nonce = new DoorPacket.Nonce(new byte[DoorPacket.RANDOM_BYTES]);
        byte[] doorKey = LinkKeys.doorKey(KEY);
        byte[] hello =
                DoorPacket.write(new DoorPacket.Hello("w1", "", nonce, new DoorPacket.Place(5, 4000, 70_000)), doorKey);
        hello[4] = DoorPacket.VERSION + 1;
        assertThat(DoorPacket.read(ByteBuffer.wrap(hello))).isEqualTo(new DoorPacket.Foreign(nonce));
        byte[] refusal = DoorPacket.write(new DoorPacket.Refusal(nonce, DoorPacket.OTHER_VERSION), doorKey);
        refusal[4] = DoorPacket.VERSION + 1;
        assertThat(DoorPacket.read(ByteBuffer.wrap(refusal)))
                .isEqualTo(new DoorPacket.Refusal(nonce, DoorPacket.OTHER_VERSION));
        byte[] welcome = DoorPacket.write(
                new DoorPacket.Welcome("a", "w1", nonce, nonce, new DoorPacket.Place(5, 4000, 70_000)), doorKey);
        welcome[4] = DoorPacket.VERSION + 1;
        assertThatThrownBy(() -> DoorPacket.read(ByteBuffer.wrap(welcome))).isInstanceOf(MalformedFrameException.class);
    }

    private static void pollUntil(BooleanSupplier condition, Member... members) {
        await().atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    for (Member member : members) {
                        member.poll();
                    }
                    return condition.getAsBoolean();
                });
    }

    private static void pollFor(Duration duration, Member... members) {
        long end = System.nanoTime() + duration.toNanos();
        pollUntil(() -> System.nanoTime() - end > 0, members);
    }

    /** A door and who has come in by it. */
    private static final class Member implements Door.Household, AutoCloseable {
        private final String id;
        private final List<Introduction> guests = new ArrayList<>();
        private final Door door;
        private int heard;
        private boolean sendsOnly;

        Member(String id) {
            this.id = id;
            EndpointOptions options = EndpointOptions.builder(
                            id, MessageCodec.of(List.of()), KEY, EndpointOptions.loopback())
                    .build();
            this.door = new Door(options, 1, 1, new Sessions(), this);
        }

        void asks(Member other) {
            door.ask(other.id, other.door.address(), System.nanoTime());
        }

        /** Sends its hello once and hears nothing yet. */
        Member silent() {
            sendsOnly = true;
            return this;
        }

        boolean answered() {
            return heard > 0;
        }

        void poll() {
            if (sendsOnly) {
                sendsOnly = false;
                door.poll(System.nanoTime());
                return;
            }
            heard += door.poll(System.nanoTime());
        }

        @Override
        public boolean isPresent(String peer) {
            return false;
        }

        @Override
        public void welcome(Introduction introduction) {
            guests.add(introduction);
        }

        @Override
        public void close() {
            door.close();
        }
    }
}
