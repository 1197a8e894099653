// The front door: one route of an HTTP API, with a throttle, to `ingest`. Who may knock is decided there: all that
// Procore offers is the value of a header, which no authorizer of the gateway would compare any better.

import { Aws, type Stack } from "aws-cdk-lib";
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from "aws-cdk-lib/aws-apigatewayv2";
import { type CfnFunction, CfnPermission } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";

import { type Key } from "./key.ts";
import { type Parameters } from "./parameters.ts";
import { INTEGRATION_TIMEOUT_MS } from "./times.ts";

/** Where Procore posts. */
export const PATH = "/webhooks/procore";

/**
 * Of a request only this is written down. No header, because one holds the secret; no body; and not who asked: it is
 * Procore, or nobody whose address would help.
 */
const LOGGED = {
  requestId: "$context.requestId",
  time: "$context.requestTimeEpoch",
  route: "$context.routeKey",
  status: "$context.status",
  integrationStatus: "$context.integrationStatus",
  latencyMs: "$context.responseLatency",
  integrationLatencyMs: "$context.integrationLatency",
};

/** The API and its address. */
export class Api {
  readonly api: CfnApi;
  readonly log: CfnLogGroup;

  constructor(stack: Stack, parameters: Parameters, key: Key, ingest: CfnFunction) {
    this.api = new CfnApi(stack, "Api", {
      name: `${Aws.STACK_NAME}-webhooks`,
      description: "Plumbline: webhooks of Procore's",
      protocolType: "HTTP",
    });
    const integration = new CfnIntegration(stack, "ApiToIngest", {
      apiId: this.api.ref,
      integrationType: "AWS_PROXY",
      integrationUri: ingest.attrArn,
      payloadFormatVersion: "2.0",
      timeoutInMillis: INTEGRATION_TIMEOUT_MS,
    });
    const route = new CfnRoute(stack, "ApiRoute", {
      apiId: this.api.ref,
      routeKey: `POST ${PATH}`,
      authorizationType: "NONE",
      target: `integrations/${integration.ref}`,
    });
    this.log = new CfnLogGroup(stack, "ApiLog", {
      // A name of this kind needs no policy of its own; those policies have a limit in size for the whole account.
      logGroupName: `/aws/vendedlogs/${Aws.STACK_NAME}-webhooks`,
      retentionInDays: parameters.number("LogRetentionDays"),
      kmsKeyId: key.arn,
    });
    const stage = new CfnStage(stack, "ApiStage", {
      apiId: this.api.ref,
      stageName: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: this.log.attrArn, format: JSON.stringify(LOGGED) },
      defaultRouteSettings: {
        throttlingRateLimit: parameters.number("WebhooksPerSecond"),
        throttlingBurstLimit: parameters.number("WebhookBurst"),
        detailedMetricsEnabled: false,
      },
    });
    stage.addResourceDependency(route);
    new CfnPermission(stack, "ApiMayCallIngest", {
      action: "lambda:InvokeFunction",
      functionName: ingest.ref,
      principal: "apigateway.amazonaws.com",
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.api.ref}/*/POST${PATH}`,
    });
  }

  /** The address to give to Procore. */
  get url(): string {
    return `https://${this.api.ref}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}${PATH}`;
  }
}
