// The built `plumbline demo` as a child process. It is always run with the scripted model: a key in the
// environment of whoever runs the tests must never send the seeded project anywhere.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../..");
/** Where builds go; cargo reads the same variable. */
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
const PROGRAM = process.env.PLUMBLINE ?? join(TARGET, "debug", "plumbline");

const START_MS = 90_000;
const STOP_MS = 30_000;

/** Starts the demo and resolves when the seeded project has been worked through. */
export async function startDemo() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("OPENAI_")));
  const child = spawn(PROGRAM, ["demo"], { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
  const exit = new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`${PROGRAM} does not start: build it first`, { cause: error })));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  // Whoever waits for it sees the rejection; nobody waiting must not end the process.
  exit.catch(() => {});

  const printed = [];
  const ready = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      printed.push(line);
      if (line.startsWith("Write an RFI at ")) resolve();
    });
  });
  const tooLate = AbortSignal.timeout(START_MS);
  const ended = exit.then(({ code }) => {
    throw new Error(`the demo ended with ${code}:\n${printed.join("\n")}`);
  });
  const late = once(tooLate, "abort").then(() => {
    child.kill("SIGKILL");
    throw new Error(`the demo was not ready in ${START_MS} ms:\n${printed.join("\n")}`);
  });
  await Promise.race([ready, ended, late]);

  const address = printed.map((line) => line.match(/^Project pages: (\S+)$/)?.[1]).find(Boolean);
  return {
    pages: new URL(address),
    printed,
    /** What Ctrl-C does; resolves with how the program ended. */
    async stop() {
      child.kill("SIGINT");
      const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      const end = await exit;
      clearTimeout(killer);
      return end;
    },
  };
}
