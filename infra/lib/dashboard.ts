// One page that says how it goes.

import { Aws, Duration, type Stack } from "aws-cdk-lib";
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  SingleValueWidget,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";

import { type Things } from "./access.ts";
import { type Api } from "./api.ts";
import { FAMILIES } from "./families.ts";
import { type Functions } from "./functions.ts";
import { ofApi, ofFunction, ofQueue, own } from "./metrics.ts";

/** As the program names them, and as they stand in the dimension `workflow`. */
const WORKFLOWS = ["rfi_question", "rfi_response", "submittal_review", "daily_log_summary"];

/** Outcomes worth a line of their own; see docs/operations.md. */
const OUTCOMES = [
  "Drafted",
  "InsufficientContext",
  "Skipped",
  "Unchanged",
  "Superseded",
  "Settling",
  "Busy",
  "Paced",
  "Parked",
  "OverBudget",
  "NoCarrier",
  "Quarantined",
  "Failed",
];

const DAY = Duration.days(1);
const HALF = 12;
const THIRD = 8;

/** Makes the dashboard; answers with its name. */
export function dashboard(stack: Stack, things: Things, functions: Functions, api: Api): string {
  const { queues } = things;
  const name = Aws.STACK_NAME;
  const all = new Dashboard(stack, "Dashboard", { dashboardName: name, defaultInterval: DAY });
  const graph = (title: string, left: IMetric[], right: IMetric[] = [], width = THIRD): IWidget =>
    new GraphWidget({ title, left, right, width, height: 6, liveData: true });
  all.addWidgets(
    new SingleValueWidget({
      title: "Today",
      width: 24,
      height: 4,
      metrics: [
        own("Events", { dimensions: { outcome: "Drafted" }, period: DAY, label: "drafts" }),
        own("WebhookToDraftMs", { statistic: Stats.percentile(50), period: DAY, label: "webhook to draft, median ms" }),
        own("CostMicroUsd", { period: DAY, label: "model, millionths of a dollar" }),
        own("CallBudgetShare", { statistic: Stats.MAXIMUM, period: DAY, label: "Procore's calls used, percent" }),
        own("Alarms", { period: DAY, label: "ALARM: lines" }),
      ],
    }),
  );
  all.addWidgets(
    graph(
      "Ends of runs",
      OUTCOMES.map((outcome) => own("Events", { dimensions: { outcome }, label: outcome })),
      [],
      HALF,
    ),
    graph(
      "Webhook to draft, ms",
      [50, 90, 99].map((rank) => own("WebhookToDraftMs", { statistic: Stats.percentile(rank), label: `p${rank}` })),
      [],
      HALF,
    ),
  );
  all.addWidgets(
    graph(
      "Oldest message, s",
      FAMILIES.map((family) => ofQueue(queues.work(family), "ApproximateAgeOfOldestMessage", family)),
    ),
    graph(
      "Waiting and under way",
      FAMILIES.flatMap((family) => [
        ofQueue(queues.work(family), "ApproximateNumberOfMessagesVisible", `${family} waiting`),
        ofQueue(queues.work(family), "ApproximateNumberOfMessagesNotVisible", `${family} under way or hidden`),
      ]),
    ),
    graph("Dead letters", [
      ...FAMILIES.map((family) => ofQueue(queues.dead(family), "ApproximateNumberOfMessagesVisible", family)),
      ofQueue(queues.door, "ApproximateNumberOfMessagesVisible", "door"),
    ]),
  );
  all.addWidgets(
    graph(
      "Procore",
      [own("Procore429"), own("HooksOff"), own("LostDeliveries")],
      [own("CallBudgetShare", { statistic: Stats.MAXIMUM })],
    ),
    graph("Model: tokens and cost", [own("TokensIn"), own("TokensOut")], [own("CostMicroUsd")]),
    graph(
      "Findings of the gate",
      WORKFLOWS.map((workflow) => own("GateFindings", { dimensions: { workflow }, label: workflow })),
    ),
  );
  all.addWidgets(
    graph(
      "Front door",
      [ofApi(api.api.ref, "Count"), ofApi(api.api.ref, "4xx"), ofApi(api.api.ref, "5xx")],
      [ofApi(api.api.ref, "Latency", Stats.percentile(99))],
    ),
    graph("Functions: errors and throttles", [
      ...[functions.ingest, functions.sweep, ...FAMILIES.map((family) => functions.router(family))].flatMap((fn) => [
        ofFunction(fn, "Errors"),
        ofFunction(fn, "Throttles"),
      ]),
    ]),
    graph(
      "Routers: time, ms",
      FAMILIES.map((family) => ofFunction(functions.router(family), "Duration", Stats.percentile(90), family)),
    ),
  );
  return name;
}
