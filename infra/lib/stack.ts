// The whole installation: a company's webhooks in, drafts out, and what watches over it.

import { CfnResource, DefaultStackSynthesizer, Stack, type App } from "aws-cdk-lib";
import { CfnManagedPolicy } from "aws-cdk-lib/aws-iam";

import { type Things, keyMay, operatorMay } from "./access.ts";
import { alarms } from "./alarms.ts";
import { Api } from "./api.ts";
import { Artifacts, packageIn } from "./artifacts.ts";
import { budget } from "./budget.ts";
import { cache } from "./cache.ts";
import { dashboard } from "./dashboard.ts";
import { Functions } from "./functions.ts";
import { Key } from "./key.ts";
import { ledger } from "./ledger.ts";
import { Network } from "./network.ts";
import { outputs } from "./outputs.ts";
import { Parameters } from "./parameters.ts";
import { Queues } from "./queues.ts";
import { acknowledge } from "./reasons.ts";
import { schedule } from "./schedule.ts";
import { secret } from "./secret.ts";
import { policy } from "./statements.ts";
import { alarmTopic } from "./topic.ts";

/** Everything, from the packages in a directory. */
export class Plumbline extends Stack {
  constructor(app: App, id: string, packages: string) {
    super(app, id, {
      description: "Plumbline: Procore webhooks become drafts that a project engineer reviews",
      // Asks nothing of the account: the rule would make the template useless where CDK was never set up.
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
      analyticsReporting: false,
    });
    const parameters = new Parameters(this, packageIn(packages).architecture);
    const key = new Key(this, parameters);
    const things: Things = {
      parameters,
      key,
      queues: new Queues(this, key),
      ledger: ledger(this, key),
      cache: cache(this, parameters, key),
      secret: secret(this, key),
    };
    const functions = new Functions(
      this,
      things,
      new Artifacts(this, packages, parameters),
      new Network(this, parameters),
    );
    const api = new Api(this, parameters, key, functions.ingest);
    schedule(this, functions.sweep);
    const topicArn = alarmTopic(this, parameters, key);
    alarms(this, topicArn, things, functions, api);
    budget(this, parameters, topicArn);
    const operator = new CfnManagedPolicy(this, "Operator", {
      description: "Plumbline: dead letters, runs and replays from the command line",
      policyDocument: policy(operatorMay(things)),
    });
    const withKey = new CfnManagedPolicy(this, "OperatorKey", {
      description: "Plumbline: the company's key, for whoever has the other policy",
      policyDocument: policy(keyMay(key, ["queues", "ledger", "cache", "secret"])),
    });
    withKey.cfnOptions.condition = parameters.ownKey;
    outputs(this, things, api, topicArn, dashboard(this, things, functions, api), operator.ref);
    acknowledge(this, things.cache);
  }

  /** All resources of the template. */
  get resources(): CfnResource[] {
    return this.node.findAll().filter(CfnResource.isCfnResource);
  }
}
