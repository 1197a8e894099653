// The page of costs counts what the template has, and its sums are right.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ofType, shown, template } from "./template.ts";

const COSTS = readFileSync(new URL("../../docs/costs.md", import.meta.url), "utf8");

/** The cells of the row of a table that begins with this. */
function row(first: string): string[] {
  const line = COSTS.split("\n").find((line) => line.startsWith(`| ${first} |`));
  assert.ok(line, `docs/costs.md has no row ${first}`);
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

/** Tables that end in a row "together": what it says, and the last cells of the rows above. */
function sums(): { together: number; parts: number[] }[] {
  const tables = COSTS.split("\n\n").filter((block) => block.includes("| **together** |"));
  return tables.map((table) => {
    const last = table.trim().split("\n").slice(2).map((line) => Number(line.split("|").at(-2)?.replaceAll("*", "")));
    return { together: last.pop() ?? NaN, parts: last };
  });
}

test("what the page counts is what the template has", () => {
  const alarms = ofType("AWS::CloudWatch::Alarm").length;
  assert.deepEqual(row("alarms"), ["alarms", String(alarms), "M", (alarms * 0.1).toFixed(2)]);

  const mappings = ofType("AWS::Lambda::EventSourceMapping").length;
  assert.match(row("SQS, routers that ask empty queues")[1] ?? "", new RegExp(`^${mappings} queues x `));

  const [, dashboard] = ofType("AWS::CloudWatch::Dashboard")[0] ?? [];
  const { widgets } = JSON.parse(shown(dashboard?.["DashboardBody"]));
  const metrics = widgets.flatMap((widget: any) => widget.properties.metrics ?? []);
  assert.ok(metrics.length > 50, `fifty are free, and the dashboard has ${metrics.length}`);
});

test("memory and schedule of the page are those of the template", () => {
  const memory = Object.fromEntries(ofType("AWS::Lambda::Function").map(([id, { MemorySize }]) => [id, MemorySize / 1024]));
  const sizes: [string, string][] = [
    ["Lambda, ingest", "Ingest"],
    ["Lambda, routers, drafts", "RfiRouter"],
    ["Lambda, routers, the others", "DailyLogRouter"],
    ["sweeps", "Sweep"],
  ];
  for (const [first, id] of sizes) {
    assert.match(row(first)[1] ?? "", new RegExp(` x ${memory[id]} GB`), `${id} has ${memory[id]} GB`);
  }
  const minutes = Number(template.Parameters["SweepEveryMinutes"]?.["Default"]);
  const [, sweeps, every] = /^([\d,]+) .*every (\d+) min$/.exec(row("sweeps")[1] ?? "") ?? [];
  assert.equal(Number(every), minutes);
  assert.equal(Number(sweeps?.replace(",", "")), (730 * 60) / minutes);
});

test("every sum is the sum of its rows", () => {
  assert.equal(sums().length, 2);
  for (const { together, parts } of sums()) {
    const sum = parts.reduce((left, right) => left + right, 0);
    assert.ok(Math.abs(sum - together) < 0.006, `${parts.join(" + ")} = ${sum}, not ${together}`);
  }
});
