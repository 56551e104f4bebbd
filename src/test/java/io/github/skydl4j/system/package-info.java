/** The project as its users meet it: processes, files, exit codes. */
package io.github.skydl4j.system;
