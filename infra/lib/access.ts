// What each function may do: the very calls its code makes, on the very things it makes them on. What is allowed here
// and called nowhere, or the other way round, is a mistake; `shared/aws/src` is where the calls are.

import { Aws } from "aws-cdk-lib";
import { type CfnTable } from "aws-cdk-lib/aws-dynamodb";
import { type CfnBucket } from "aws-cdk-lib/aws-s3";
import { type CfnSecret } from "aws-cdk-lib/aws-secretsmanager";

import { KEPT } from "./cache.ts";
import { type Family } from "./families.ts";
import { type Key } from "./key.ts";
import { type Parameters } from "./parameters.ts";
import { type Queues } from "./queues.ts";
import { type Statement, allow } from "./statements.ts";

/** Everything that rights can be given on. */
export interface Things {
  readonly parameters: Parameters;
  readonly key: Key;
  readonly queues: Queues;
  readonly ledger: CfnTable;
  readonly cache: CfnBucket;
  readonly secret: CfnSecret;
}

/** The company's configuration and the secrets; every function starts with them. */
export function settings({ parameters, secret }: Things): Statement[] {
  const parameter = `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${parameters.text("ConfigParameterName")}`;
  return [
    allow("ReadConfiguration", ["ssm:GetParameter"], parameter),
    allow("ReadSecret", ["secretsmanager:GetSecretValue"], secret.ref),
  ];
}

function shelf({ cache }: Things): Statement[] {
  return [
    allow("KeepDocuments", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], `${cache.attrArn}/${KEPT}*`),
    // Not by prefix: then S3 would answer 403 instead of 404 for what is not there.
    allow("ListDocuments", ["s3:ListBucket"], cache.attrArn),
  ];
}

/** The front door: queues, and nothing of the ledger. */
export function ingestMay(things: Things): Statement[] {
  return [
    allow("SendEvents", ["sqs:SendMessage"], things.queues.workArns),
    allow("KeepUnreadable", ["sqs:SendMessage"], things.queues.door.attrArn),
    ...settings(things),
  ];
}

/** A router: its own family's queue and dead letters. Transactions are authorised by their parts. */
export function routerMay(things: Things, family: Family): Statement[] {
  const { queues, ledger } = things;
  return [
    allow(
      "WorkOnQueue",
      [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "sqs:SendMessage",
      ],
      queues.work(family).attrArn,
    ),
    allow("Bury", ["sqs:SendMessage"], queues.dead(family).attrArn),
    allow(
      "KeepLedger",
      ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      ledger.attrArn,
    ),
    ...shelf(things),
    ...settings(things),
  ];
}

/** The sweep: any family's queue, and the index of abandoned claims. It buries nothing. */
export function sweepMay(things: Things): Statement[] {
  const { queues, ledger } = things;
  return [
    allow("SendEvents", ["sqs:SendMessage"], queues.workArns),
    allow(
      "KeepLedger",
      ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      ledger.attrArn,
    ),
    allow("FindAbandoned", ["dynamodb:Query"], `${ledger.attrArn}/index/leases`),
    ...shelf(things),
    ...settings(things),
  ];
}

/** A person with the `plumbline` command line: dead letters, runs, replays, and a look at everything. */
export function operatorMay(things: Things): Statement[] {
  const { queues, ledger, secret } = things;
  return [
    allow("SendEvents", ["sqs:SendMessage", "sqs:GetQueueAttributes"], queues.workArns),
    allow(
      "HandleDeadLetters",
      [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "sqs:SendMessage",
      ],
      queues.deadArns,
    ),
    allow(
      "ReadLedger",
      ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      [ledger.attrArn, `${ledger.attrArn}/index/leases`],
    ),
    ...shelf(things),
    ...settings(things),
    allow("RotateSecret", ["secretsmanager:PutSecretValue"], secret.ref),
    allow("ReadMetrics", ["cloudwatch:GetMetricData"], "*"),
  ];
}

/** What a function does to AWS beside its work. */
export function everyFunctionMay(logGroupArn: string): Statement[] {
  return [
    allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], logGroupArn),
    allow("Trace", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
  ];
}

/** How Lambda puts a function into a VPC. */
export function inVpcMay(): Statement[] {
  return [
    allow(
      "JoinVpc",
      [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ],
      "*",
    ),
  ];
}

/** Services through which a function may use the company's key. */
const SERVICES = { queues: "sqs", ledger: "dynamodb", cache: "s3", secret: "secretsmanager" } as const;

/** One of them, by what it keeps. */
export type Service = keyof typeof SERVICES;

/** The company's key, through the services a function uses and in no other way. */
export function keyMay(key: Key, uses: readonly Service[]): Statement[] {
  const actions = ["kms:Decrypt", "kms:GenerateDataKey"];
  // DynamoDB uses the key in the name of whoever calls it.
  const more = ["kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"];
  return [
    allow("UseKey", uses.includes("ledger") ? [...actions, ...more] : actions, key.certain, {
      StringEquals: { "kms:ViaService": uses.map((use) => `${SERVICES[use]}.${Aws.REGION}.${Aws.URL_SUFFIX}`) },
    }),
  ];
}
