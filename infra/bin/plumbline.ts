// Synthesizes the stack from the packages in `PLUMBLINE_PACKAGE` (what `make package` made, unless it says otherwise).

import { fileURLToPath } from "node:url";

import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";

import { Plumbline } from "../lib/stack.ts";

const packages = process.env["PLUMBLINE_PACKAGE"] ?? fileURLToPath(new URL("../../target/package", import.meta.url));

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new Plumbline(app, process.env["PLUMBLINE_STACK"] ?? "Plumbline", packages);
