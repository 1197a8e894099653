// What AWS itself may cost in a month, for the whole account: without tags that the company activates AWS cannot tell
// ours from the rest. The model is paid elsewhere, and bounded by plumbline.toml.

import { Aws, type Stack } from "aws-cdk-lib";
import { CfnBudget } from "aws-cdk-lib/aws-budgets";

import { type Parameters } from "./parameters.ts";

/** Makes the budget, if one is wanted. */
export function budget(stack: Stack, parameters: Parameters, topicArn: string): void {
  const told = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    notification: { notificationType, comparisonOperator: "GREATER_THAN", threshold, thresholdType: "PERCENTAGE" },
    subscribers: [{ subscriptionType: "SNS", address: topicArn }],
  });
  const month = new CfnBudget(stack, "MonthlyBudget", {
    budget: {
      budgetName: `${Aws.STACK_NAME}-month`,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      budgetLimit: { amount: parameters.number("MonthlyBudgetUsd"), unit: "USD" },
    },
    notificationsWithSubscribers: [told("ACTUAL", 80), told("FORECASTED", 100)],
  });
  month.cfnOptions.condition = parameters.budgeted;
}
