// The synthesized template, and ways to look at it that say in one line what CloudFormation says in ten.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a template's resource is. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: string[];
}

/** What a template is. */
export interface Template {
  readonly Parameters: Record<string, Record<string, any>>;
  readonly Conditions: Record<string, unknown>;
  readonly Mappings: Record<string, Record<string, Record<string, number>>>;
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, { Description: string; Value: unknown }>;
}

/** Where `npm run synth` has put the template and cdk-nag's verdict. */
export const OUTDIR = fileURLToPath(new URL("../../target/infra/cdk.out", import.meta.url));

/** The template. */
export const template = JSON.parse(readFileSync(join(OUTDIR, "Plumbline.template.json"), "utf8")) as Template;

/** All resources of a type, by id. */
export function ofType(type: string): [string, Record<string, any>][] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => [id, resource.Properties]);
}

/** Properties of one resource. */
export function properties(id: string): Record<string, any> {
  const resource = template.Resources[id];
  if (!resource) {
    throw new Error(`no resource ${id}`);
  }
  return resource.Properties;
}

/** A value with CloudFormation's functions in short: `${Cache.Arn}/kept/*`, `OwnKey ? a : b`. */
export function shown(value: any): string {
  if (Array.isArray(value)) {
    return value.map(shown).join(", ");
  }
  if (typeof value !== "object" || value === null) {
    return String(value);
  }
  const [name, argument] = Object.entries<any>(value)[0] ?? ["", ""];
  switch (name) {
    case "Ref":
      return `\${${argument}}`;
    case "Fn::GetAtt":
      return `\${${argument.join(".")}}`;
    case "Fn::Sub":
      return argument;
    case "Fn::Join":
      return argument[1].map(shown).join(argument[0]);
    case "Fn::If":
      return `${argument[0]} ? ${shown(argument[1])} : ${shown(argument[2])}`;
    default:
      return Object.entries(value)
        .map(([key, member]) => `${key}=${shown(member)}`)
        .join(" ");
  }
}

/** As a list, whatever it was. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
