// Rules of cdk-nag's AwsSolutions that we do not follow, each with its reason. Rights with a wildcard have theirs, one
// by one, in `test/reasons.ts`: what is said here of them holds for no more than these two resources.

import { type CfnBucket } from "aws-cdk-lib/aws-s3";
import { type Stack, Validations } from "aws-cdk-lib";
import { type IConstruct } from "constructs";

import { KEPT } from "./cache.ts";

const OF_THE_STACK = {
  "AwsSolutions::AwsSolutions-IAM5[Resource::*]":
    "X-Ray, network interfaces and metrics are not named by resource; test/policies.test.ts holds each such right against a reason of its own.",
  "CloudFormation-Validate::W1030":
    "Judges the empty defaults of parameters that are read only where a condition says that they are filled in.",
  "CloudFormation-Validate::W1001":
    "The output names the topic made here under the very condition under which it is made.",
  "CloudFormation-Validate::F3031": "The same: the default of SubnetIds is empty, and read only with a VPC.",
};

const OF_RESOURCES: Record<string, Record<string, string>> = {
  DoorDeadLetters: {
    "AwsSolutions::AwsSolutions-SQS3": "It is a dead-letter queue: that of the front door, which no queue redrives to.",
  },
  Cache: {
    "AwsSolutions::AwsSolutions-S1":
      "Copies that expire, read by three roles of this stack alone. Who wants a trail has CloudTrail data events; a log bucket would be one more place with names of the company's files.",
  },
  Secret: {
    "AwsSolutions::AwsSolutions-SMG4":
      "Keys of other vendors, which AWS cannot rotate. The webhook value is rotated by hand, without a refused event: docs/operations.md.",
  },
  ApiRoute: {
    "AwsSolutions::AwsSolutions-APIG4":
      "Procore signs nothing and offers one header. The function compares it in constant time with every live secret and knows when one is new.",
  },
};

/** Says so to cdk-nag. */
export function acknowledge(stack: Stack, cache: CfnBucket): void {
  const kept = `AwsSolutions::AwsSolutions-IAM5[Resource::<${stack.getLogicalId(cache)}.Arn>/${KEPT}*]`;
  say(stack, { ...OF_THE_STACK, [kept]: "All that the functions keep, and nothing else of the bucket." });
  for (const [id, reasons] of Object.entries(OF_RESOURCES)) {
    say(stack.node.findChild(id), reasons);
  }
}

function say(construct: IConstruct, reasons: Record<string, string>): void {
  for (const [id, reason] of Object.entries(reasons)) {
    Validations.of(construct).acknowledge({ id, reason });
  }
}
