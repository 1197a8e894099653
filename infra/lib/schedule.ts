// When the sweep runs. What is due at the end of a day it knows by itself, so one schedule is enough.

import { Aws, Fn, type Stack } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { type CfnFunction, CfnPermission } from "aws-cdk-lib/aws-lambda";

/** Makes the rule. */
export function schedule(stack: Stack, sweep: CfnFunction): void {
  const rule = new CfnRule(stack, "Schedule", {
    name: `${Aws.STACK_NAME}-sweep`,
    description: "Plumbline: looks for what webhooks did not tell",
    scheduleExpression: Fn.sub("rate(${SweepEveryMinutes} minutes)"),
    state: "ENABLED",
    targets: [
      { id: "sweep", arn: sweep.attrArn, retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 } },
    ],
  });
  new CfnPermission(stack, "ScheduleMayCallSweep", {
    action: "lambda:InvokeFunction",
    functionName: sweep.ref,
    principal: "events.amazonaws.com",
    sourceArn: rule.attrArn,
  });
}
