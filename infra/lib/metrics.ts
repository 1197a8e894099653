// What is measured: by AWS of its own services, by the functions of themselves (CloudWatch reads it from their lines).

import { Duration } from "aws-cdk-lib";
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { type CfnTable } from "aws-cdk-lib/aws-dynamodb";
import { type CfnFunction } from "aws-cdk-lib/aws-lambda";
import { type CfnQueue } from "aws-cdk-lib/aws-sqs";

/** Metrics of ours. `Events` counts ends of runs; `Alarms` counts lines that begin with ALARM:. */
export type Own =
  | "Events"
  | "WebhookToDraftMs"
  | "Procore429"
  | "CallBudgetShare"
  | "TokensIn"
  | "TokensOut"
  | "CostMicroUsd"
  | "GateFindings"
  | "HooksOff"
  | "LostDeliveries"
  | "Alarms";

const FIVE_MINUTES = Duration.minutes(5);

/** One of ours. Without dimensions it is the sum over everything. */
export function own(
  metricName: Own,
  more: { statistic?: string; period?: Duration; dimensions?: Record<string, string>; label?: string } = {},
): Metric {
  return new Metric({
    namespace: "Plumbline",
    metricName,
    statistic: more.statistic ?? Stats.SUM,
    period: more.period ?? FIVE_MINUTES,
    ...(more.dimensions && { dimensionsMap: more.dimensions }),
    ...(more.label && { label: more.label }),
  });
}

/** Of a queue. */
export function ofQueue(queue: CfnQueue, metricName: string, label?: string): Metric {
  return new Metric({
    namespace: "AWS/SQS",
    metricName,
    statistic: Stats.MAXIMUM,
    period: FIVE_MINUTES,
    dimensionsMap: { QueueName: queue.attrQueueName },
    ...(label && { label }),
  });
}

/** Of a function. */
export function ofFunction(fn: CfnFunction, metricName: string, statistic = Stats.SUM, label?: string): Metric {
  return new Metric({
    namespace: "AWS/Lambda",
    metricName,
    statistic,
    period: FIVE_MINUTES,
    dimensionsMap: { FunctionName: fn.ref },
    ...(label && { label }),
  });
}

/** Of the front door. */
export function ofApi(apiId: string, metricName: string, statistic = Stats.SUM): Metric {
  return new Metric({
    namespace: "AWS/ApiGateway",
    metricName,
    statistic,
    period: FIVE_MINUTES,
    dimensionsMap: { ApiId: apiId },
  });
}

/** Of the table, or of one of its indexes. */
export function ofTable(table: CfnTable, metricName: string, index?: string): Metric {
  return new Metric({
    namespace: "AWS/DynamoDB",
    metricName,
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
    dimensionsMap: { TableName: table.ref, ...(index && { GlobalSecondaryIndexName: index }) },
  });
}
