// The Terraform module has the template's parameters for inputs and its outputs for outputs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { BINARIES } from "../lib/artifacts.ts";
import { files, snake } from "../bin/terraform.ts";
import { template } from "./template.ts";

const MODULE = fileURLToPath(new URL("../terraform/", import.meta.url));

/** Inputs of the module that are no parameters: where the package is, and what CloudFormation calls the stack. */
const OWN_INPUTS = ["package", "stack_name"];

type Blocks = Record<string, Record<string, any>>;

/** What the module declares, read by a program that knows nothing of the one that wrote it. */
function declared(kind: "variable" | "output"): Blocks {
  const tools = process.env["PLUMBLINE_TOOLS"] ?? fileURLToPath(new URL("../../target/tools", import.meta.url));
  const program = "import hcl2, json, sys; print(json.dumps([hcl2.load(open(name)) for name in sys.argv[1:]]))";
  const names = readdirSync(MODULE).filter((name) => name.endsWith(".tf"));
  const read = execFileSync(`${tools}/infra/bin/python`, ["-c", program, ...names.map((name) => MODULE + name)]);
  const parsed = JSON.parse(read.toString()) as Record<string, Blocks[]>[];
  const blocks = parsed.flatMap((file) => file[kind] ?? []);
  return Object.fromEntries(blocks.flatMap((block) => Object.entries(block)));
}

/** The reader puts every value into a list, and some into `${...}`. */
function plain(value: unknown): string | undefined {
  const [only] = Array.isArray(value) ? value : [value];
  return only === undefined ? undefined : String(only).replace(/^\$\{([^]*)\}$/, "$1");
}

test("inputs are the template's parameters: names, kinds, defaults, descriptions", () => {
  const inputs = Object.entries(declared("variable")).filter(([name]) => !OWN_INPUTS.includes(name));
  const told = inputs.map(([name, { description, type, default: value }]) => [
    name,
    plain(description),
    plain(type),
    plain(value) ?? "(required)",
  ]);
  const expected = Object.entries(template.Parameters).map(([name, parameter]) => [
    snake(name),
    parameter["Description"],
    parameter["Type"] === "Number" ? "number" : "string",
    name === "ArtifactsBucket" ? "(required)" : String(parameter["Default"]),
  ]);
  assert.deepEqual(told.sort(), expected.sort());
});

test("outputs are the template's", () => {
  const told = Object.entries(declared("output")).map(([name, { description, value }]) => [
    name,
    plain(description),
    /outputs\["(\w+)"\]/.exec(plain(value) ?? "")?.[1],
  ]);
  const expected = Object.entries(template.Outputs).map(([name, { Description }]) => [snake(name), Description, name]);
  assert.deepEqual(told.sort(), expected.sort());
});

test("what is written from the template is as it was written", () => {
  for (const [name, text] of Object.entries(files())) {
    assert.equal(readFileSync(MODULE + name, "utf8"), text, `${name}: npm run terraform`);
  }
});

test("the module uploads the binaries the template names, by the names it gives them", () => {
  const main = readFileSync(`${MODULE}main.tf`, "utf8");
  assert.match(main, new RegExp(`toset\\(\\[${BINARIES.map((binary) => `"${binary}"`).join(", ")}\\]\\)`));
  const keys = Object.values(template.Resources)
    .filter(({ Type }) => Type === "AWS::Lambda::Function")
    .map(({ Properties }) => Properties["Code"].S3Key["Fn::Sub"]);
  assert.equal(keys.length, 5);
  for (const key of keys) {
    assert.match(key, /^\$\{ArtifactsPrefix\}(ingest|router|sweep)-[0-9a-f]{64}\.zip$/);
  }
  assert.match(main, /"\$\{var\.artifacts_prefix\}\$\{each\.key\}-\$\{filesha256\([^)]*\)\}\.zip"/);
});
