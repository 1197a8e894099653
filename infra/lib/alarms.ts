// Alarms: each names something a person can do, and has its paragraph in docs/operations.md under its own name.

import { Aws, CfnMapping, Duration, Fn, type Stack, Token } from "aws-cdk-lib";
import { CfnAlarm, type Metric } from "aws-cdk-lib/aws-cloudwatch";

import { type Things } from "./access.ts";
import { type Api } from "./api.ts";
import { SWEEP_MINUTES } from "./choices.ts";
import { FAMILIES, title } from "./families.ts";
import { type Functions } from "./functions.ts";
import { ofApi, ofFunction, ofQueue, ofTable, own } from "./metrics.ts";

/** An alarm: too much of something, or too little. Of one metric each, so that its name says what is the matter. */
interface Alarm {
  /** What stands over its paragraph. */
  readonly name: string;
  /** Which one of several of that name. */
  readonly of?: string;
  readonly says: string;
  readonly metric: Metric;
  /** Raised above it; 0 if nothing is said. */
  readonly above?: number;
  /** Raised below it, and by silence. */
  readonly below?: number;
  /** So many periods in a row; 1 if nothing is said. */
  readonly periods?: number;
  /** In seconds, where it is not that of the metric. */
  readonly periodS?: number;
}

/** Makes all alarms. */
export function alarms(stack: Stack, topicArn: string, things: Things, functions: Functions, api: Api): void {
  const all = [...ofFamilies(things, functions), ...ofServices(stack, things, functions, api), ...ofOurs(things)];
  for (const alarm of all) {
    make(stack, topicArn, alarm);
  }
}

function ofFamilies({ parameters, queues }: Things, functions: Functions): Alarm[] {
  return FAMILIES.flatMap((family) => [
    {
      name: "messages-wait",
      of: family,
      says: `The oldest message of the family ${family} waits too long.`,
      metric: ofQueue(queues.work(family), "ApproximateAgeOfOldestMessage"),
      above: parameters.number("OldestMessageSeconds"),
    },
    {
      name: "dead-letters",
      of: family,
      says: `There are dead letters of the family ${family}.`,
      metric: ofQueue(queues.dead(family), "ApproximateNumberOfMessagesVisible"),
    },
    {
      name: "router-errors",
      of: family,
      says: `The router of the family ${family} failed or ran out of time.`,
      metric: ofFunction(functions.router(family), "Errors"),
    },
  ]);
}

function ofServices(stack: Stack, { queues, ledger }: Things, functions: Functions, api: Api): Alarm[] {
  const throttled = (of: string, metric: Metric): Alarm => ({
    name: "table-throttled",
    of,
    says: `DynamoDB throttles ${of} of the ledger.`,
    metric,
    periods: 3,
  });
  const twoSweepsS = twoSweeps(stack);
  return [
    {
      name: "dead-letters",
      of: "door",
      says: "There are webhook bodies that could not be read.",
      metric: ofQueue(queues.door, "ApproximateNumberOfMessagesVisible"),
    },
    { name: "webhooks-refused", says: "The front door answered with 5xx.", metric: ofApi(api.api.ref, "5xx") },
    {
      name: "ingest-errors",
      says: "The function ingest failed or ran out of time.",
      metric: ofFunction(functions.ingest, "Errors"),
    },
    {
      name: "ingest-throttled",
      says: "Lambda refused invocations of ingest for their number.",
      metric: ofFunction(functions.ingest, "Throttles"),
    },
    {
      name: "sweep-missing",
      says: "No sweep was begun in the time of two.",
      metric: ofFunction(functions.sweep, "Invocations"),
      below: 1,
      periodS: twoSweepsS,
    },
    {
      name: "sweep-errors",
      says: "Two sweeps failed.",
      metric: ofFunction(functions.sweep, "Errors"),
      above: 1,
      periodS: twoSweepsS,
    },
    throttled("reads", ofTable(ledger, "ReadThrottleEvents")),
    throttled("writes", ofTable(ledger, "WriteThrottleEvents")),
    throttled("index", ofTable(ledger, "WriteThrottleEvents", "leases")),
  ];
}

function ofOurs({ parameters }: Things): Alarm[] {
  const ended = (outcome: string, period?: Duration) =>
    own("Events", { dimensions: { outcome }, ...(period && { period }) });
  return [
    { name: "quarantined", says: "A run was stopped for safety.", metric: ended("Quarantined") },
    {
      name: "parked",
      says: "The model's endpoint has been out of order for half an hour.",
      metric: ended("Parked", Duration.minutes(10)),
      periods: 3,
    },
    { name: "hooks-off", says: "Procore switched a webhook of ours off.", metric: own("HooksOff") },
    { name: "procore-429", says: "Procore refused calls for their number.", metric: own("Procore429") },
    {
      name: "model-cost",
      says: "The model cost more within 24 hours than ModelMicroUsdPerDay.",
      metric: own("CostMicroUsd", { period: Duration.days(1) }),
      above: parameters.number("ModelMicroUsdPerDay"),
    },
    { name: "alarm-lines", says: "A log line begins with ALARM:.", metric: own("Alarms") },
  ];
}

/** The time of two sweeps in seconds. A table, because CloudFormation does not multiply. */
function twoSweeps(stack: Stack): number {
  const twice = new CfnMapping(stack, "TwoSweeps", {
    mapping: Object.fromEntries(SWEEP_MINUTES.map((minutes) => [minutes, { Seconds: minutes * 120 }])),
  });
  return Token.asNumber(twice.findInMap(Fn.ref("SweepEveryMinutes"), "Seconds"));
}

function make(stack: Stack, topicArn: string, alarm: Alarm): void {
  const { name, of, metric, below } = alarm;
  new CfnAlarm(stack, `${title(name)}${title(of ?? "")}Alarm`, {
    alarmName: [Aws.STACK_NAME, name, ...(of ? [of.replaceAll("_", "-")] : [])].join("-"),
    alarmDescription: `${alarm.says} See docs/operations.md, ${name}.`,
    namespace: metric.namespace,
    metricName: metric.metricName,
    dimensions: Object.entries(metric.dimensions ?? {}).map(([name, value]) => ({ name, value: String(value) })),
    period: alarm.periodS ?? metric.period.toSeconds(),
    statistic: metric.statistic,
    comparisonOperator: below === undefined ? "GreaterThanThreshold" : "LessThanThreshold",
    threshold: below ?? alarm.above ?? 0,
    evaluationPeriods: alarm.periods ?? 1,
    treatMissingData: below === undefined ? "notBreaching" : "breaching",
    alarmActions: [topicArn],
    okActions: [topicArn],
  });
}
