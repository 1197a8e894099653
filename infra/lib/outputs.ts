// What whoever deployed needs next: addresses and names, and lines to paste for the `plumbline` command line.

import { Aws, CfnOutput, type Stack } from "aws-cdk-lib";

import { type Things } from "./access.ts";
import { type Api } from "./api.ts";
import { FAMILIES, title } from "./families.ts";

/** Makes the outputs. */
export function outputs(
  stack: Stack,
  things: Things,
  api: Api,
  topicArn: string,
  dashboardName: string,
  operatorPolicyArn: string,
): void {
  const { parameters, queues, ledger, cache, secret } = things;
  const tell = (name: string, description: string, value: string) => new CfnOutput(stack, name, { value, description });
  tell("WebhookUrl", "Where Procore's hooks post to.", api.url);
  for (const family of FAMILIES) {
    tell(`${title(family)}QueueUrl`, `Queue of the family ${family}.`, queues.work(family).ref);
    tell(`${title(family)}DeadLettersUrl`, `Dead letters of the family ${family}.`, queues.dead(family).ref);
  }
  tell("DoorDeadLettersUrl", "Webhook bodies that could not be read.", queues.door.ref);
  tell("TableName", "Table of the ledger.", ledger.ref);
  tell("CacheBucket", "Bucket of what was read from Procore.", cache.ref);
  tell("SecretId", "Secret to fill in.", secret.ref);
  tell(
    "ConfigurationParameter",
    "SSM parameter with the text of plumbline.toml.",
    parameters.text("ConfigParameterName"),
  );
  tell("AlarmTopic", "SNS topic of the alarms.", topicArn);
  tell("DashboardName", "CloudWatch dashboard.", dashboardName);
  tell("OperatorPolicy", "Managed policy for whoever uses the plumbline command line.", operatorPolicyArn);
  const variables = {
    AWS_REGION: Aws.REGION,
    PLUMBLINE_QUEUE_URL: queues.workList,
    PLUMBLINE_DEAD_LETTER_URL: queues.deadList,
    PLUMBLINE_TABLE: ledger.ref,
    PLUMBLINE_CACHE_BUCKET: cache.ref,
    PLUMBLINE_SECRET_ID: secret.ref,
    PLUMBLINE_CONFIG_PARAMETER: parameters.text("ConfigParameterName"),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
  tell("OperatorEnvironment", "Lines to paste before using the plumbline command line.", lines.join("\n"));
}
