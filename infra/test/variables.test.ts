// What the functions read from their environment is there, and nothing else is.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { ofType, properties, shown } from "./template.ts";

/** Read by the code, and not set: why. */
const NOT_SET: Record<string, string> = {
  PLUMBLINE_CONFIG: "a file; the functions have the parameter",
  PROCORE_CLIENT_ID: "a field of the secret",
  PROCORE_CLIENT_SECRET: "a field of the secret",
  WEBHOOK_AUTHORIZATION: "a field of the secret",
  OPENAI_API_KEY: "a field of the secret",
  OTEL_EXPORTER_OTLP_HEADERS: "a collector that asks for a password stands behind one that does not",
  OTEL_SERVICE_NAME: "each function has its own",
};

/** What ingest has no use for. */
const NOT_OF_INGEST = ["PLUMBLINE_TABLE", "PLUMBLINE_CACHE_BUCKET"];

const SOURCES = ["shared/aws/src/", "shared/otlp/src/", "functions/ingest/src/", "functions/router/src/", "functions/sweep/src/"];

function variablesOfTheCode(): string[] {
  const root = new URL("../../", import.meta.url);
  const files = SOURCES.flatMap((directory) =>
    readdirSync(new URL(directory, root), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".rs"))
      .map((name) => directory + name),
  );
  const texts = [...files, "shared/agent/src/assemble.rs"].map((path) => readFileSync(new URL(path, root), "utf8"));
  const named = texts.flatMap((text) => [...text.matchAll(/"((?:PLUMBLINE|PROCORE|OPENAI|WEBHOOK|OTEL)_[A-Z_]+)"/g)]);
  return [...new Set(named.map(([, name]) => name as string))].sort();
}

test("every variable of the code is set, or it is said why not", () => {
  const named = variablesOfTheCode();
  assert.ok(named.includes("PLUMBLINE_TABLE") && named.length >= 14, named.join());
  const expected = named.filter((name) => !(name in NOT_SET));
  for (const [id, fn] of ofType("AWS::Lambda::Function")) {
    const wanted = id === "Ingest" ? expected.filter((name) => !NOT_OF_INGEST.includes(name)) : expected;
    assert.deepEqual(Object.keys(fn["Environment"].Variables).sort(), wanted, id);
  }
  assert.deepEqual(
    Object.keys(NOT_SET).filter((name) => !named.includes(name)),
    [],
    "a reason for nothing",
  );
});

test("a router knows its own family's queues, the others know all", () => {
  const queues = (id: string) => {
    const variables = properties(id)["Environment"].Variables;
    return [shown(variables.PLUMBLINE_QUEUE_URL), shown(variables.PLUMBLINE_DEAD_LETTER_URL)];
  };
  for (const family of ["Rfi", "Submittal", "DailyLog"]) {
    assert.deepEqual(queues(`${family}Router`), [`\${${family}Queue}`, `\${${family}DeadLetters}`]);
  }
  const all = [
    "rfi=${RfiQueue},submittal=${SubmittalQueue},daily_log=${DailyLogQueue}",
    "rfi=${RfiDeadLetters},submittal=${SubmittalDeadLetters},daily_log=${DailyLogDeadLetters},door=${DoorDeadLetters}",
  ];
  assert.deepEqual(queues("Ingest"), all);
  assert.deepEqual(queues("Sweep"), all);
});

test("no secret stands in an environment", () => {
  for (const [id, fn] of ofType("AWS::Lambda::Function")) {
    assert.equal(shown(fn["Environment"].Variables.PLUMBLINE_SECRET_ID), "${Secret}", id);
    assert.doesNotMatch(JSON.stringify(fn["Environment"]), /resolve:/, id);
  }
});
