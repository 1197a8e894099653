// What keeps data: the table, the cache, the secret, the logs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ofType, properties, shown, template } from "./template.ts";

test("the table is the one of shared/aws/table.json", () => {
  const definition = JSON.parse(readFileSync(new URL("../../shared/aws/table.json", import.meta.url), "utf8"));
  const {
    PointInTimeRecoverySpecification: recovery,
    DeletionProtectionEnabled: protectedFromDeletion,
    SSESpecification: encryption,
    ...table
  } = properties("Ledger");
  assert.deepEqual(table, definition);
  assert.deepEqual(recovery, { PointInTimeRecoveryEnabled: true });
  assert.equal(protectedFromDeletion, true);
  assert.equal(shown(encryption), "OwnKey ? SSEEnabled=true SSEType=KMS KMSMasterKeyId=${Key.Arn} : ${AWS::NoValue}");
  assert.equal(template.Resources["Ledger"]?.DeletionPolicy, "Retain");
});

test("the cache expires, and is nobody else's", () => {
  const cache = properties("Cache");
  assert.equal(
    shown(cache["LifecycleConfiguration"].Rules),
    "ExpirationInDays=${CacheDays} Id=Expire Prefix=kept/ Status=Enabled",
  );
  assert.deepEqual(Object.values(cache["PublicAccessBlockConfiguration"]), [true, true, true, true]);
  const prefix = readFileSync(new URL("../../shared/aws/src/cache.rs", import.meta.url), "utf8");
  assert.match(prefix, /const PREFIX: &str = "kept\/";/);
});

test("the secret's placeholder is what it always was", () => {
  // CloudFormation writes the value again when this text changes, over what the company has put there.
  const placeholder =
    '{"procore_client_id":"","procore_client_secret":"","webhook_authorization":[],"openai_api_key":""}';
  assert.equal(properties("Secret")["SecretString"], placeholder);
  const fields = [
    ...readFileSync(new URL("../../shared/agent/src/assemble.rs", import.meta.url), "utf8")
      .split("pub struct Secrets {")[1]!
      .split("\n}")[0]!
      .matchAll(/pub (\w+):/g),
  ].map(([, name]) => name);
  assert.deepEqual(Object.keys(JSON.parse(placeholder)), fields);
});

test("no resource holds the configuration, so no deployment writes over it", () => {
  assert.deepEqual(ofType("AWS::SSM::Parameter"), []);
});

test("logs end, and every function has one of its own", () => {
  const groups = ofType("AWS::Logs::LogGroup");
  for (const [id, group] of groups) {
    assert.equal(shown(group["RetentionInDays"]), "${LogRetentionDays}", id);
  }
  const functions = ofType("AWS::Lambda::Function");
  assert.equal(groups.length, functions.length + 1, "the functions' and the API's");
  for (const [id, fn] of functions) {
    assert.deepEqual(fn["LoggingConfig"], { LogFormat: "Text", LogGroup: { Ref: `${id}Log` } });
  }
});

test("everything at rest takes the company's key if there is one", () => {
  const keys: Record<string, string> = {
    "AWS::SQS::Queue": "KmsMasterKeyId",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SecretsManager::Secret": "KmsKeyId",
    "AWS::Logs::LogGroup": "KmsKeyId",
  };
  for (const [type, property] of Object.entries(keys)) {
    for (const [id, resource] of ofType(type)) {
      assert.equal(shown(resource[property]), "OwnKey ? ${Key.Arn} : ${AWS::NoValue}", id);
    }
  }
  for (const [id, queue] of ofType("AWS::SQS::Queue")) {
    assert.equal(shown(queue["SqsManagedSseEnabled"]), "OwnKey ? ${AWS::NoValue} : true", id);
  }
});
