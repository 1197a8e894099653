// Where alarms go: the company's own topic, or one made here.

import { Aws, type Stack } from "aws-cdk-lib";
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from "aws-cdk-lib/aws-sns";

import { type Key } from "./key.ts";
import { type Parameters } from "./parameters.ts";

/** ARN of the topic. */
export function alarmTopic(stack: Stack, parameters: Parameters, key: Key): string {
  const topic = new CfnTopic(stack, "Topic", {
    displayName: "Plumbline",
    // AWS's own key for topics lets no alarm through; without a key of the company's there is none.
    kmsMasterKeyId: key.arn,
  });
  topic.cfnOptions.condition = parameters.ownTopic;
  const rights = new CfnTopicPolicy(stack, "TopicPolicy", {
    topics: [topic.ref],
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AlarmsAndBudget",
          Effect: "Allow",
          Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
          Action: "sns:Publish",
          Resource: topic.ref,
          Condition: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
        },
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: topic.ref,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  });
  rights.cfnOptions.condition = parameters.ownTopic;
  const mail = new CfnSubscription(stack, "TopicMail", {
    topicArn: topic.ref,
    protocol: "email",
    endpoint: parameters.text("AlarmEmail"),
  });
  mail.cfnOptions.condition = parameters.emailed;
  return parameters.or("OwnTopic", "AlarmTopicArn", topic.ref);
}
