// One queue and one dead-letter queue for each workflow family, and the dead letters of the front door: webhook bodies
// that nobody could read belong to no family.

import { Aws, type Stack } from "aws-cdk-lib";
import { CfnQueue, CfnQueuePolicy } from "aws-cdk-lib/aws-sqs";

import { FAMILIES, type Family, title } from "./families.ts";
import { type Key } from "./key.ts";
import { NOTHING } from "./parameters.ts";
import { ROUTER_TIMEOUT_S } from "./times.ts";

/** AWS docs: the longest SQS keeps a message. A budget that is used up, or Procore being away, may take days. */
const RETENTION_S = 14 * 24 * 3600;

/**
 * The router gives every message back with a wait of its own, or deletes it. This time only counts for messages whose
 * invocation died or was never made, and those shall come back soon after their lease has ended. AWS's advice of six
 * times the timeout is for functions that leave their waits to the queue.
 */
const VISIBILITY_S = ROUTER_TIMEOUT_S + 60;

/** The worker gives up by itself, after 40 receives: this only catches what kills the worker before that. */
const MAX_RECEIVES = 50;

/** All queues. */
export class Queues {
  readonly #stack: Stack;
  readonly #key: Key;
  readonly #work = new Map<Family, CfnQueue>();
  readonly #dead = new Map<Family, CfnQueue>();
  /** Dead letters of the front door. */
  readonly door: CfnQueue;

  constructor(stack: Stack, key: Key) {
    this.#stack = stack;
    this.#key = key;
    for (const family of FAMILIES) {
      const dead = this.#queue(`${title(family)}DeadLetters`, `${family}-dead-letters`);
      this.#dead.set(family, dead);
      this.#work.set(
        family,
        this.#queue(`${title(family)}Queue`, family, {
          visibilityTimeout: VISIBILITY_S,
          redrivePolicy: { deadLetterTargetArn: dead.attrArn, maxReceiveCount: MAX_RECEIVES },
        }),
      );
    }
    this.door = this.#queue("DoorDeadLetters", "door-dead-letters");
  }

  /** Where a family's messages wait. */
  work(family: Family): CfnQueue {
    return this.#work.get(family) as CfnQueue;
  }

  /** A family's dead letters. */
  dead(family: Family): CfnQueue {
    return this.#dead.get(family) as CfnQueue;
  }

  /** The queues of all families as the functions read it: `rfi=URL,...`. */
  get workList(): string {
    return FAMILIES.map((family) => `${family}=${this.work(family).ref}`).join(",");
  }

  /** All dead letters as the functions read it: `rfi=URL,...,door=URL`. */
  get deadList(): string {
    return [...FAMILIES.map((family) => `${family}=${this.dead(family).ref}`), `door=${this.door.ref}`].join(",");
  }

  /** ARNs of what is worked on. */
  get workArns(): string[] {
    return FAMILIES.map((family) => this.work(family).attrArn);
  }

  /** ARNs of all dead letters. */
  get deadArns(): string[] {
    return [...FAMILIES.map((family) => this.dead(family).attrArn), this.door.attrArn];
  }

  #queue(id: string, name: string, more: object = {}): CfnQueue {
    const queue = new CfnQueue(this.#stack, id, {
      queueName: `${Aws.STACK_NAME}-${name.replaceAll("_", "-")}`,
      messageRetentionPeriod: RETENTION_S,
      sqsManagedSseEnabled: this.#key.choose(() => NOTHING, true),
      kmsMasterKeyId: this.#key.arn,
      ...more,
    });
    new CfnQueuePolicy(this.#stack, `${id}TlsOnly`, {
      queues: [queue.ref],
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queue.attrArn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    });
    return queue;
  }
}
