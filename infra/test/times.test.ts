// Times that have to fit each other, as the template has them in the end.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ofType, properties, shown, template } from "./template.ts";

const FAMILIES = ["Rfi", "Submittal", "DailyLog"];

function seconds(path: string, pattern: RegExp): number {
  const source = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const found = pattern.exec(source)?.[1];
  assert.ok(found, `${path}: ${pattern}`);
  return Number(found);
}

test("a message is not shown again while its invocation may still work on it", () => {
  for (const family of FAMILIES) {
    const queue = properties(`${family}Queue`);
    const mapping = properties(`${family}Messages`);
    const window = mapping["MaximumBatchingWindowInSeconds"] ?? 0;
    assert.equal(shown(mapping["EventSourceArn"]), `\${${family}Queue.Arn}`);
    assert.ok(queue["VisibilityTimeout"] >= properties(`${family}Router`)["Timeout"] + window + 30, family);
  }
});

test("a run has most of the invocation, after what the router keeps for its end", () => {
  const reserve = seconds("functions/router/src/batch.rs", /const RESERVE: Duration = Duration::from_secs\((\d+)\)/);
  for (const family of FAMILIES) {
    assert.ok(properties(`${family}Router`)["Timeout"] >= 10 * reserve, family);
  }
});

test("the worker gives up before the queue does", () => {
  const most = seconds("shared/agent/src/worker.rs", /const MAX_RECEIVES: u32 = (\d+)/);
  for (const family of FAMILIES) {
    const redrive = properties(`${family}Queue`)["RedrivePolicy"];
    assert.ok(redrive.maxReceiveCount >= most + 10, family);
    assert.equal(shown(redrive.deadLetterTargetArn), `\${${family}DeadLetters.Arn}`);
  }
});

test("what nobody could work on is kept as long as SQS keeps anything", () => {
  for (const [id, queue] of ofType("AWS::SQS::Queue")) {
    assert.equal(queue["MessageRetentionPeriod"], 14 * 24 * 3600, id);
  }
  assert.equal(ofType("AWS::SQS::Queue").length, 7);
});

test("the gateway waits longer than the function works, and Procore's 5 s cover a start", () => {
  const ingest = properties("Ingest")["Timeout"];
  const integration = properties("ApiToIngest")["TimeoutInMillis"];
  assert.ok(integration > ingest * 1000 && integration < 30_000);
  const call = seconds("shared/aws/src/environment.rs", /CALL_TIMEOUT: Duration = Duration::from_millis\((\d+)\)/);
  assert.ok(call < 5000 && ingest * 1000 > 2 * call, "two readings at the start, one sending");
});

test("two sweeps never overlap, and the alarm waits for two", () => {
  const parameter = template.Parameters["SweepEveryMinutes"];
  const table = Object.values(template.Mappings)[0] ?? {};
  assert.deepEqual(Object.keys(table), parameter?.["AllowedValues"]);
  for (const [minutes, { Seconds }] of Object.entries(table) as [string, { Seconds: number }][]) {
    assert.equal(Seconds, Number(minutes) * 120);
    assert.ok(properties("Sweep")["Timeout"] < Number(minutes) * 60, minutes);
  }
  assert.equal(shown(properties("Schedule")["ScheduleExpression"]), "rate(${SweepEveryMinutes} minutes)");
});

test("failures of one message are its own, and routers have a limit", () => {
  for (const [id, mapping] of ofType("AWS::Lambda::EventSourceMapping")) {
    assert.deepEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"], id);
    assert.equal(shown(mapping["ScalingConfig"]), "MaximumConcurrency=${RouterMaxConcurrency}");
  }
  const reserved = ofType("AWS::Lambda::Function").filter(([, fn]) => fn["ReservedConcurrentExecutions"] !== undefined);
  assert.deepEqual(
    reserved.map(([id]) => id),
    ["Ingest"],
  );
});
