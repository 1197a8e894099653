// The five functions: the front door, a router for each family, the sweep. Each has a role, a log group and an
// environment of its own.

import { Aws, type Stack } from "aws-cdk-lib";
import { CfnPolicy, CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnEventInvokeConfig, CfnEventSourceMapping, CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";

import {
  type Service,
  type Things,
  everyFunctionMay,
  inVpcMay,
  ingestMay,
  keyMay,
  routerMay,
  sweepMay,
} from "./access.ts";
import { type Artifacts, type Binary } from "./artifacts.ts";
import { FAMILIES, type Family, title } from "./families.ts";
import { type Network } from "./network.ts";
import { type Statement, policy } from "./statements.ts";
import { INGEST_TIMEOUT_S, ROUTER_TIMEOUT_S, SWEEP_TIMEOUT_S } from "./times.ts";

/** Messages of one invocation. They are worked on at once, and most of that is waiting for the model. */
const BATCH = 5;

/** At most two documents are read at once, whatever the batch, each in a child of at most 512 MB. */
const ROUTER_MEMORY_MB = 1536;

/** What differs from function to function. */
interface Kind {
  readonly binary: Binary;
  readonly description: string;
  readonly timeoutS: number;
  readonly memoryMb: number;
  readonly may: Statement[];
  readonly uses: readonly Service[];
  readonly variables: Record<string, string>;
  readonly reserved?: number;
}

/** All functions. */
export class Functions {
  readonly #stack: Stack;
  readonly #things: Things;
  readonly #artifacts: Artifacts;
  readonly #network: Network;
  readonly #logGroups: CfnLogGroup[] = [];
  readonly #routers = new Map<Family, CfnFunction>();
  /** The front door. */
  readonly ingest: CfnFunction;
  /** What webhooks did not tell. */
  readonly sweep: CfnFunction;

  constructor(stack: Stack, things: Things, artifacts: Artifacts, network: Network) {
    this.#stack = stack;
    this.#things = things;
    this.#artifacts = artifacts;
    this.#network = network;
    const { parameters, queues, ledger, cache } = things;
    const records = { PLUMBLINE_TABLE: ledger.ref, PLUMBLINE_CACHE_BUCKET: cache.ref };
    this.ingest = this.#function("Ingest", "ingest", {
      binary: "ingest",
      description: "Plumbline: a webhook of Procore's becomes a message",
      timeoutS: INGEST_TIMEOUT_S,
      memoryMb: 256,
      may: ingestMay(things),
      uses: ["queues", "secret"],
      variables: { PLUMBLINE_QUEUE_URL: queues.workList, PLUMBLINE_DEAD_LETTER_URL: queues.deadList },
      reserved: parameters.numberUnless("NoReservation", "IngestReservedConcurrency"),
    });
    for (const family of FAMILIES) {
      const router = this.#function(`${title(family)}Router`, `router-${family.replaceAll("_", "-")}`, {
        binary: "router",
        description: `Plumbline: messages of the family ${family} become drafts`,
        timeoutS: ROUTER_TIMEOUT_S,
        memoryMb: ROUTER_MEMORY_MB,
        may: routerMay(things, family),
        uses: ["queues", "ledger", "cache", "secret"],
        variables: {
          PLUMBLINE_QUEUE_URL: queues.work(family).ref,
          PLUMBLINE_DEAD_LETTER_URL: queues.dead(family).ref,
          ...records,
        },
      });
      this.#routers.set(family, router);
      new CfnEventSourceMapping(stack, `${title(family)}Messages`, {
        eventSourceArn: queues.work(family).attrArn,
        functionName: router.ref,
        batchSize: BATCH,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: parameters.number("RouterMaxConcurrency") },
      });
    }
    this.sweep = this.#function("Sweep", "sweep", {
      binary: "sweep",
      description: "Plumbline: what webhooks did not tell becomes messages",
      timeoutS: SWEEP_TIMEOUT_S,
      memoryMb: 512,
      may: sweepMay(things),
      uses: ["queues", "ledger", "cache", "secret"],
      variables: { PLUMBLINE_QUEUE_URL: queues.workList, PLUMBLINE_DEAD_LETTER_URL: queues.deadList, ...records },
    });
    // The next sweep goes on where a failed one stopped; trying the same again at once would only cost calls.
    new CfnEventInvokeConfig(stack, "SweepOnce", {
      functionName: this.sweep.ref,
      qualifier: "$LATEST",
      maximumRetryAttempts: 0,
    });
  }

  /** A family's router. */
  router(family: Family): CfnFunction {
    return this.#routers.get(family) as CfnFunction;
  }

  /** Where the functions write their lines. */
  get logGroups(): readonly CfnLogGroup[] {
    return this.#logGroups;
  }

  #function(id: string, name: string, kind: Kind): CfnFunction {
    const { parameters, key, secret } = this.#things;
    const functionName = `${Aws.STACK_NAME}-${name}`;
    const logGroup = new CfnLogGroup(this.#stack, `${id}Log`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retentionInDays: parameters.number("LogRetentionDays"),
      kmsKeyId: key.arn,
    });
    this.#logGroups.push(logGroup);
    const role = new CfnRole(this.#stack, `${id}Role`, {
      description: `Plumbline: what ${name} may do`,
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      },
      policies: [{ policyName: "work", policyDocument: policy([...kind.may, ...everyFunctionMay(logGroup.attrArn)]) }],
    });
    const withKey = new CfnPolicy(this.#stack, `${id}UsesKey`, {
      policyName: "key",
      policyDocument: policy(keyMay(key, kind.uses)),
      roles: [role.ref],
    });
    withKey.cfnOptions.condition = parameters.ownKey;
    const inVpc = new CfnPolicy(this.#stack, `${id}JoinsVpc`, {
      policyName: "vpc",
      policyDocument: policy(inVpcMay()),
      roles: [role.ref],
    });
    inVpc.cfnOptions.condition = parameters.inVpc;
    this.#network.after(inVpc);
    return new CfnFunction(this.#stack, id, {
      functionName,
      description: kind.description,
      runtime: "provided.al2023",
      handler: "bootstrap",
      architectures: [parameters.text("Architecture")],
      code: this.#artifacts.code(kind.binary),
      role: role.attrArn,
      timeout: kind.timeoutS,
      memorySize: kind.memoryMb,
      environment: {
        variables: {
          ...kind.variables,
          PLUMBLINE_SECRET_ID: secret.ref,
          PLUMBLINE_CONFIG_PARAMETER: parameters.text("ConfigParameterName"),
          PLUMBLINE_LOG: parameters.text("LogLevel"),
          PROCORE_API_URL: parameters.unless("NoProcoreApiUrl", "ProcoreApiUrl"),
          PROCORE_LOGIN_URL: parameters.unless("NoProcoreLoginUrl", "ProcoreLoginUrl"),
          OPENAI_BASE_URL: parameters.unless("NoOpenAiBaseUrl", "OpenAiBaseUrl"),
          OTEL_EXPORTER_OTLP_ENDPOINT: parameters.unless("NoCollector", "OtlpEndpoint"),
        },
      },
      // Text: our lines are JSON already, and CloudWatch finds metrics only in lines that nobody has wrapped.
      loggingConfig: { logFormat: "Text", logGroup: logGroup.ref },
      tracingConfig: { mode: "Active" },
      vpcConfig: this.#network.config,
      ...(kind.reserved !== undefined && { reservedConcurrentExecutions: kind.reserved }),
    });
  }
}
