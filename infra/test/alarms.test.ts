// Alarms reach somebody, and say what to do.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ofType, shown } from "./template.ts";

const OPERATIONS = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

/** Names of alarms as they stand over their paragraphs. */
function paragraphs(): string[] {
  const section = OPERATIONS.split("\n## Alarms\n")[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^### (\S+)\n\n\S/gm)].map(([, name]) => name as string);
}

test("every alarm has its paragraph, and every paragraph its alarm", () => {
  const named = ofType("AWS::CloudWatch::Alarm").map(([id, alarm]) => {
    const name = /See docs\/operations\.md, ([a-z0-9-]+)\.$/.exec(alarm["AlarmDescription"])?.[1];
    assert.ok(name && shown(alarm["AlarmName"]).startsWith(`\${AWS::StackName}-${name}`), id);
    return name;
  });
  assert.deepEqual([...new Set(named)].sort(), paragraphs().sort());
});

test("every alarm tells the topic, when it is raised and when it is over", () => {
  const alarms = ofType("AWS::CloudWatch::Alarm");
  assert.ok(alarms.length >= 20);
  for (const [id, alarm] of alarms) {
    for (const actions of [alarm["AlarmActions"], alarm["OKActions"]]) {
      assert.equal(shown(actions), "OwnTopic ? ${Topic} : ${AlarmTopicArn}", id);
    }
    assert.notEqual(alarm["ActionsEnabled"], false, id);
  }
});

test("only a sweep that does not come is told by silence", () => {
  const silent = ofType("AWS::CloudWatch::Alarm").filter(([, alarm]) => alarm["TreatMissingData"] === "breaching");
  assert.deepEqual(
    silent.map(([id]) => id),
    ["SweepMissingAlarm"],
  );
});

test("every family and the door are watched", () => {
  const queues = ofType("AWS::CloudWatch::Alarm")
    .filter(([, alarm]) => alarm["Namespace"] === "AWS/SQS")
    .map(([, alarm]) => `${alarm["MetricName"]} ${shown(alarm["Dimensions"][0].Value)}`);
  const families = ["Rfi", "Submittal", "DailyLog"];
  const expected = [
    ...families.map((family) => `ApproximateAgeOfOldestMessage \${${family}Queue.QueueName}`),
    ...[...families, "Door"].map((family) => `ApproximateNumberOfMessagesVisible \${${family}DeadLetters.QueueName}`),
  ];
  assert.deepEqual(queues.sort(), expected.sort());
});
