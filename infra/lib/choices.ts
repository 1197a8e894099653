// What whoever deploys can choose, with the defaults. Parameters of the template and not of this program, so that one
// template serves `cdk deploy`, Terraform and the console, and so that a choice is changed without building anything.

import { type CfnParameterProps } from "aws-cdk-lib";

/** A parameter of the template. */
export interface Choice extends CfnParameterProps {
  readonly description: string;
  readonly default: string | number;
}

function text(description: string, props: Partial<CfnParameterProps> = {}): Choice {
  return { type: "String", default: "", description, ...props } as Choice;
}

function count(description: string, value: number, minValue: number, maxValue: number): Choice {
  return { type: "Number", default: value, minValue, maxValue, description };
}

const URL_OR_NOTHING = { allowedPattern: "^(https?://[^\\s]+)?$", constraintDescription: "a URL or nothing" };

/** Every how many minutes a sweep may be. */
export const SWEEP_MINUTES = [5, 10, 15, 30, 60];

/** By group, in the order in which the console asks. */
export const GROUPS = {
  Code: {
    ArtifactsBucket: text(
      "S3 bucket of the function packages, in this region. Empty: the bucket of the account's CDK bootstrap, where `cdk deploy` puts them.",
    ),
    ArtifactsPrefix: text("What stands before the packages' names in that bucket, such as plumbline/.", {
      allowedPattern: "^([A-Za-z0-9._/-]+/)?$",
      constraintDescription: "nothing, or a prefix that ends with /",
    }),
    Architecture: text("Processor the packages were built for.", {
      default: "x86_64",
      allowedValues: ["x86_64", "arm64"],
    }),
  },
  Configuration: {
    ConfigParameterName: text(
      "Name of the SSM parameter with the text of plumbline.toml. The company makes and changes it; no deployment touches it.",
      {
        default: "/plumbline/plumbline.toml",
        allowedPattern: "^/[A-Za-z0-9._/-]+$",
        constraintDescription: "a name that begins with /",
      },
    ),
    LogLevel: text("Level of our own log lines.", {
      default: "info",
      allowedValues: ["error", "warn", "info", "debug"],
    }),
    ProcoreApiUrl: text("Replaces Procore's API host, for a gateway of the company's.", URL_OR_NOTHING),
    ProcoreLoginUrl: text("Replaces Procore's login host.", URL_OR_NOTHING),
    OpenAiBaseUrl: text("Replaces the model's host.", URL_OR_NOTHING),
  },
  Throughput: {
    WebhooksPerSecond: count("Requests per second the API lets through; Procore sends the others again.", 50, 1, 10000),
    WebhookBurst: count("Requests the API lets through at once.", 100, 1, 5000),
    IngestReservedConcurrency: count(
      "Invocations kept for ingest, whatever else the account runs, and the most it gets. 0 keeps none, which an account with a small limit needs.",
      20,
      0,
      1000,
    ),
    RouterMaxConcurrency: count("Most invocations of each family's router at once.", 5, 2, 1000),
    SweepEveryMinutes: {
      type: "Number",
      default: "15",
      allowedValues: SWEEP_MINUTES.map(String),
      description: "Minutes between sweeps for what webhooks did not tell and for days that are over.",
    },
  },
  Keeping: {
    LogRetentionDays: {
      type: "Number",
      default: "30",
      allowedValues: ["7", "14", "30", "60", "90", "180", "365", "731"],
      description: "Days log lines are kept.",
    },
    CacheDays: count(
      "Days what was read from Procore stays in the document cache. The program itself uses nothing older than 30.",
      30,
      1,
      365,
    ),
  },
  Security: {
    CustomerKey: text(
      "create: a KMS key of the company's own for queues, table, cache, secret, logs and alarm topic. none: keys of AWS.",
      { default: "none", allowedValues: ["none", "create"] },
    ),
    VpcId: text("VPC the functions run in. Empty: outside of any."),
    SubnetIds: text("Private subnets of that VPC, with a way to Procore, the model and AWS; separated by commas.", {
      type: "CommaDelimitedList",
    }),
    EgressPrefixListId: text(
      "Prefix list of the addresses the functions may open connections to, in the VPC. Empty: any, on port 443 only.",
    ),
  },
  Watching: {
    AlarmTopicArn: text("SNS topic that alarms go to. Empty: one is made."),
    OtlpEndpoint: text("OpenTelemetry collector that traces and metrics also go to, by OTLP over HTTP as JSON. Empty: none.", URL_OR_NOTHING),
    AlarmEmail: text("Address that gets the alarms of the topic made here. Empty: nobody is subscribed."),
    OldestMessageSeconds: count(
      "Age in seconds at which a message that was not finished raises an alarm.",
      3600,
      300,
      86400,
    ),
    ModelMicroUsdPerDay: count(
      "Millionths of a US dollar within 24 hours for the model, all projects together, above which an alarm is raised.",
      20_000_000,
      1,
      1_000_000_000_000,
    ),
    MonthlyBudgetUsd: count(
      "US dollars a month for the whole AWS account, for an AWS budget that tells the alarm topic. 0: none.",
      0,
      0,
      1000000,
    ),
  },
} satisfies Record<string, Record<string, Choice>>;

type Groups = typeof GROUPS;
/** The name of a parameter. */
export type Name = { [Group in keyof Groups]: keyof Groups[Group] }[keyof Groups];
