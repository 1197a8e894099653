// Every statement of every policy in the template, with whose it is.

import { list, ofType, shown } from "./template.ts";

/** One statement. */
export interface Right {
  /** The role, the managed policy, or the resource with a policy of its own. */
  readonly of: string;
  readonly sid: string;
  readonly effect: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly condition: string;
  readonly principal: string;
}

/** What roles and managed policies may do. */
export function rightsOfPrincipals(): Right[] {
  return [
    ...ofType("AWS::IAM::Role").flatMap(([id, role]) =>
      role["Policies"].flatMap((policy: any) => statements(id, policy.PolicyDocument)),
    ),
    ...ofType("AWS::IAM::Policy").flatMap(([, policy]) =>
      policy["Roles"].flatMap((role: any) => statements(role.Ref, policy["PolicyDocument"])),
    ),
    ...ofType("AWS::IAM::ManagedPolicy").flatMap(([id, policy]) => statements(id, policy["PolicyDocument"])),
  ];
}

/** What resources let others do. */
export function rightsOnResources(): Right[] {
  const types = {
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
  };
  return Object.entries(types).flatMap(([type, property]) =>
    ofType(type).flatMap(([id, policy]) => statements(id, policy[property])),
  );
}

/** Who may become a role. */
export function trusts(): Right[] {
  return ofType("AWS::IAM::Role").flatMap(([id, role]) => statements(id, role["AssumeRolePolicyDocument"]));
}

/** In one line. */
export function line(right: Right): string {
  const { of, sid, effect, actions, resources, condition, principal } = right;
  const parts = [
    `${of} ${sid}: ${effect}`,
    ...(principal ? [`to ${principal}`] : []),
    actions.join(" "),
    ...(resources.length ? [`on ${resources.join(" ")}`] : []),
    ...(condition ? [`if ${condition}`] : []),
  ];
  return parts.join(" ");
}

function statements(of: string, document: any): Right[] {
  return document.Statement.map((statement: any) => ({
    of,
    sid: statement.Sid ?? "",
    effect: statement.Effect,
    actions: list(statement.Action).map(shown),
    resources: statement.Resource === undefined ? [] : list(statement.Resource).map(shown),
    condition: statement.Condition ? conditions(statement.Condition) : "",
    principal: statement.Principal ? shown(statement.Principal) : "",
  }));
}

function conditions(condition: Record<string, Record<string, unknown>>): string {
  return Object.entries(condition)
    .flatMap(([test, keys]) => Object.entries(keys).map(([key, value]) => `${test} ${key} ${shown(value)}`))
    .join(" and ");
}
