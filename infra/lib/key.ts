// The company's own key, if it wants one. AWS's keys encrypt everything otherwise.

import { Aws, CfnDeletionPolicy, type Stack } from "aws-cdk-lib";
import { CfnAlias, CfnKey } from "aws-cdk-lib/aws-kms";

import { NOTHING, type Parameters, choice, when } from "./parameters.ts";

/** The key, or its absence. */
export class Key {
  readonly #parameters: Parameters;
  readonly #key: CfnKey;

  constructor(stack: Stack, parameters: Parameters) {
    this.#parameters = parameters;
    const account = { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } };
    this.#key = new CfnKey(stack, "Key", {
      description: "Plumbline: queues, ledger, cache, secret, logs and alarms",
      enableKeyRotation: true,
      pendingWindowInDays: 30,
      keyPolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AccountDecidesByIam",
            Effect: "Allow",
            Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
            Action: "kms:*",
            Resource: "*",
          },
          {
            Sid: "LogGroups",
            Effect: "Allow",
            Principal: { Service: `logs.${Aws.REGION}.${Aws.URL_SUFFIX}` },
            Action: [
              "kms:Encrypt",
              "kms:Decrypt",
              "kms:ReEncryptFrom",
              "kms:ReEncryptTo",
              "kms:GenerateDataKey",
              "kms:DescribeKey",
            ],
            Resource: "*",
            Condition: {
              ArnLike: {
                "kms:EncryptionContext:aws:logs:arn": `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*${Aws.STACK_NAME}-*`,
              },
            },
          },
          {
            Sid: "AlarmsReachTheTopic",
            Effect: "Allow",
            Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: "*",
            Condition: account,
          },
        ],
      },
    });
    this.#key.cfnOptions.condition = parameters.ownKey;
    // What it has encrypted stays readable: table and cache outlive the stack too.
    this.#key.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    this.#key.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    const alias = new CfnAlias(stack, "KeyAlias", {
      aliasName: `alias/${Aws.STACK_NAME}`,
      targetKeyId: this.#key.attrKeyId,
    });
    alias.cfnOptions.condition = parameters.ownKey;
  }

  /** ARN of the key; no property at all without one. */
  get arn(): string {
    return this.or(NOTHING);
  }

  /** ARN of the key, or `otherwise`. */
  or(otherwise: unknown): string {
    return when(this.#parameters.ownKey, this.#key.attrArn, otherwise);
  }

  /** `then` with the key, else `otherwise`. */
  choose(then: (arn: string) => unknown, otherwise: unknown) {
    return choice(this.#parameters.ownKey, then(this.#key.attrArn), otherwise);
  }

  /** ARN of the key, for resources that exist only with it. */
  get certain(): string {
    return this.#key.attrArn;
  }
}
