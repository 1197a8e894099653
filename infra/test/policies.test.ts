// Nobody may more than their code does, and every wildcard says why it is one.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { type Right, line, rightsOfPrincipals, rightsOnResources, trusts } from "./rights.ts";

/** By statement: what is wide about it, and why it cannot be narrower. */
const WIDE: Record<string, string> = {
  "KeepDocuments ${Cache.Arn}/kept/*": "objects are named when they are made; all of ours lie below kept/",
  "Trace *": "X-Ray has no resources",
  "JoinVpc *": "Lambda makes the network interfaces, nobody can name them before; only with a VPC",
  "ReadMetrics *": "metrics have no resources",
  "AccountDecidesByIam kms:*": "a key whose policy names nobody is lost; the account's own IAM decides then",
  "AccountDecidesByIam *": "in a key's policy this is the key",
  "LogGroups *": "in a key's policy this is the key; the condition names the log groups of this stack",
  "AlarmsReachTheTopic *": "in a key's policy this is the key; the condition names this account",
};

const FUNCTIONS = ["IngestRole", "RfiRouterRole", "SubmittalRouterRole", "DailyLogRouterRole", "SweepRole"];

test("every wildcard has a written reason, and every reason a wildcard", () => {
  const rights = [...rightsOfPrincipals(), ...rightsOnResources()].filter((right) => right.effect === "Allow");
  assert.ok(rights.length > 40, "the walk finds the policies");
  const wide = rights.flatMap((right) =>
    [...right.actions, ...right.resources].filter((part) => part.includes("*")).map((part) => `${right.sid} ${part}`),
  );
  assert.deepEqual([...new Set(wide)].sort(), Object.keys(WIDE).sort());
});

test("every statement of a principal has a name", () => {
  for (const right of rightsOfPrincipals()) {
    assert.match(right.sid, /^[A-Z][A-Za-z]+$/, line(right));
    assert.equal(right.effect, "Allow", line(right));
  }
});

test("resources let nobody in but services of this account", () => {
  for (const right of rightsOnResources().filter((right) => right.effect === "Allow")) {
    assert.match(
      right.principal,
      /^(Service=|AWS=arn:\$\{AWS::Partition\}:iam::\$\{AWS::AccountId\}:root$)/,
      line(right),
    );
    if (right.principal.startsWith("Service=")) {
      assert.match(right.condition, /\$\{AWS::AccountId\}/, line(right));
    }
  }
});

test("only Lambda becomes a role", () => {
  assert.deepEqual(
    trusts().map((right) => right.of),
    FUNCTIONS,
  );
  for (const right of trusts()) {
    assert.equal(right.principal, "Service=lambda.amazonaws.com");
    assert.deepEqual(right.actions, ["sts:AssumeRole"]);
  }
});

test("no function reaches what another needs", () => {
  const foreign: Record<string, RegExp> = {
    IngestRole: /Ledger|Cache|DeadLetters(?<!DoorDeadLetters)\./,
    RfiRouterRole: /Submittal|DailyLog|Door|Ingest|Sweep/,
    SubmittalRouterRole: /Rfi|DailyLog|Door|Ingest|Sweep/,
    DailyLogRouterRole: /Rfi|Submittal|Door|Ingest|Sweep/,
    SweepRole: /DeadLetters|Log\.Arn(?<!SweepLog\.Arn)/,
  };
  for (const [role, pattern] of Object.entries(foreign)) {
    const rights = rightsOfPrincipals().filter((right) => right.of === role);
    assert.ok(rights.length >= 6, role);
    for (const right of rights) {
      assert.doesNotMatch(right.resources.join(" "), pattern, line(right));
    }
  }
});

test("a function writes its own log and no other", () => {
  for (const role of FUNCTIONS) {
    const own = rightsOfPrincipals().filter((right) => right.of === role && right.sid === "WriteLog");
    assert.deepEqual(
      own.map((right) => right.resources),
      [[`\${${role.replace(/Role$/, "Log")}.Arn}`]],
    );
  }
});

test("the company's key is used through services only", () => {
  const users = rightsOfPrincipals().filter((right) => right.sid === "UseKey");
  assert.deepEqual(users.map((right) => right.of).sort(), [...FUNCTIONS, "OperatorKey"].sort());
  for (const right of users) {
    assert.match(right.condition, /^StringEquals kms:ViaService /, line(right));
  }
});

test("what the code calls may be called, and what may be called is called", () => {
  const called = new Set(operations().flatMap(actionsOf));
  const may = (rights: Right[]) => new Set(rights.filter(isData).flatMap((right) => right.actions));
  const everybody = may(rightsOfPrincipals());
  for (const action of called) {
    assert.ok(everybody.has(action), `${action} is called by shared/aws and allowed to nobody`);
  }
  const functions = may(rightsOfPrincipals().filter((right) => FUNCTIONS.includes(right.of)));
  // Lambda itself receives the routers' messages.
  for (const action of [...called, "sqs:ReceiveMessage", "sqs:GetQueueAttributes"]) {
    functions.delete(action);
  }
  assert.deepEqual([...functions], [], "allowed to a function, and called nowhere");
});

function isData(right: Right): boolean {
  return /^(dynamodb|sqs|s3|ssm|secretsmanager):/.test(right.actions[0] ?? "");
}

/** Each error of `shared/aws` names its operation: `SQS SendMessage`. */
function operations(): string[] {
  const directory = new URL("../../shared/aws/src/", import.meta.url);
  const sources = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rs"));
  const named = sources.flatMap((name) => [
    ...readFileSync(new URL(name, directory), "utf8").matchAll(/"(DynamoDB|SQS|S3|SSM|Secrets Manager) ([A-Z]\w+)"/g),
  ]);
  const found = [...new Set(named.map(([, service, operation]) => `${service} ${operation}`))];
  assert.ok(found.length >= 15, found.join());
  return found;
}

/** The rights an operation needs; where AWS gives them other names than the operation. */
function actionsOf(operation: string): string[] {
  const others: Record<string, string[]> = {
    "DynamoDB TransactWriteItems": ["dynamodb:PutItem", "dynamodb:UpdateItem"],
    "SQS SendMessageBatch": ["sqs:SendMessage"],
    "S3 HeadObject": ["s3:GetObject"],
    "S3 ListObjectsV2": ["s3:ListBucket"],
  };
  const space = operation.lastIndexOf(" ");
  const service = operation.slice(0, space).toLowerCase().replace(" ", "");
  return others[operation] ?? [`${service}:${operation.slice(space + 1)}`];
}
