// Writes what the Terraform module says of the template's parameters and outputs, from the template.

import { readFileSync, writeFileSync } from "node:fs";

import { type Template, template } from "../test/template.ts";

const MODULE = new URL("../terraform/", import.meta.url);
const HEAD =
  "# Written by `npm run terraform` from the template: change infra/lib/choices.ts or infra/lib/outputs.ts instead.\n";

/** `LogRetentionDays` as Terraform would call it. */
export function snake(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
}

function isNumber(parameter: Template["Parameters"][string]): boolean {
  return parameter["Type"] === "Number";
}

function preset(parameter: Template["Parameters"][string]): string {
  return isNumber(parameter) ? String(parameter["Default"]) : JSON.stringify(parameter["Default"]);
}

function variable(name: string, parameter: Template["Parameters"][string]): string {
  const lines = [
    `  description = ${JSON.stringify(parameter["Description"])}`,
    `  type        = ${isNumber(parameter) ? "number" : "string"}`,
  ];
  // Without the CDK's bucket there is none that could be meant.
  if (name !== "ArtifactsBucket") {
    lines.push(`  default     = ${preset(parameter)}`);
  }
  return `variable "${snake(name)}" {\n${lines.join("\n")}\n}\n`;
}

function parameters(): string {
  const names = Object.keys(template.Parameters);
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `    ${name.padEnd(width)} = var.${snake(name)}`);
  return `locals {\n  parameters = {\n${lines.join("\n")}\n  }\n}\n`;
}

function output(name: string, description: string): string {
  return [
    `output "${snake(name)}" {`,
    `  description = ${JSON.stringify(description)}`,
    `  value       = aws_cloudformation_stack.plumbline.outputs["${name}"]`,
    "}\n",
  ].join("\n");
}

function row(name: string, parameter: Template["Parameters"][string]): string {
  const value = name === "ArtifactsBucket" ? "(required)" : `\`${preset(parameter)}\``;
  return `| \`${snake(name)}\` | ${value} | ${parameter["Description"]} |`;
}

/** The module's files as they should be, by name. */
export function files(): Record<string, string> {
  const inputs = Object.entries(template.Parameters);
  const outputs = Object.entries(template.Outputs);
  const readme = readFileSync(new URL("README.md", MODULE), "utf8");
  const table = [
    "| input | default | what |\n| --- | --- | --- |",
    ...inputs.map(([name, parameter]) => row(name, parameter)),
  ].join("\n");
  return {
    "variables.tf": [HEAD, ...inputs.map(([name, parameter]) => variable(name, parameter))].join("\n"),
    "parameters.tf": `${HEAD}\n${parameters()}`,
    "outputs.tf": [HEAD, ...outputs.map(([name, { Description }]) => output(name, Description))].join("\n"),
    "README.md": readme.replace(/\| input \| default[^]*?(?=\n\n|$)/, () => `${table}\n`.trimEnd()),
  };
}

if (process.argv[1]?.endsWith("terraform.ts")) {
  for (const [name, text] of Object.entries(files())) {
    writeFileSync(new URL(name, MODULE), text);
  }
}
