// One way in, with a throttle, and nothing of a request in the log that could hold a secret.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ofType, properties, shown } from "./template.ts";

test("there is one route, and only it may call ingest", () => {
  assert.deepEqual(
    ofType("AWS::ApiGatewayV2::Route").map(([, route]) => route["RouteKey"]),
    ["POST /webhooks/procore"],
  );
  const callers = ofType("AWS::Lambda::Permission").map(([, permission]) => [
    permission["Principal"],
    shown(permission["FunctionName"]),
    shown(permission["SourceArn"]),
  ]);
  assert.deepEqual(callers, [
    [
      "apigateway.amazonaws.com",
      "${Ingest}",
      "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/POST/webhooks/procore",
    ],
    ["events.amazonaws.com", "${Sweep}", "${Schedule.Arn}"],
  ]);
});

test("requests are throttled", () => {
  const stage = properties("ApiStage")["DefaultRouteSettings"];
  assert.equal(shown(stage.ThrottlingRateLimit), "${WebhooksPerSecond}");
  assert.equal(shown(stage.ThrottlingBurstLimit), "${WebhookBurst}");
});

test("the access log names no header, no body, no query and nobody", () => {
  const format = JSON.parse(properties("ApiStage")["AccessLogSettings"].Format) as Record<string, string>;
  const allowed = [
    "$context.requestId",
    "$context.requestTimeEpoch",
    "$context.routeKey",
    "$context.status",
    "$context.integrationStatus",
    "$context.responseLatency",
    "$context.integrationLatency",
  ];
  assert.deepEqual(Object.values(format), allowed);
});
