package io.github.skydl4j.tune;

/** Why a candidate failed, in one line: the message of the innermost cause and, for an error, what kind it is. */
final class Cause {

    private Cause() {}

    static String line(Throwable thrown) {
        Throwable innermost = thrown;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        if (innermost instanceof RuntimeException && message != null && !message.isBlank()) {
            return oneLine(message);
        }
        return oneLine(innermost.toString());
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
