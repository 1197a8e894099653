// The table of the ledger, as `shared/aws/table.json` defines it for everybody.

import { readFileSync } from "node:fs";

import { CfnDeletionPolicy, type Stack } from "aws-cdk-lib";
import { CfnTable, type CfnTableProps } from "aws-cdk-lib/aws-dynamodb";

import { type Key } from "./key.ts";
import { NOTHING } from "./parameters.ts";

const DEFINITION = new URL("../../shared/aws/table.json", import.meta.url);

/** The table. It outlives the stack: without it nobody knows what was drafted, and everything would be drafted again. */
export function ledger(stack: Stack, key: Key): CfnTable {
  const definition = decapitalised(JSON.parse(readFileSync(DEFINITION, "utf8"))) as CfnTableProps;
  const table = new CfnTable(stack, "Ledger", {
    ...definition,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtectionEnabled: true,
    sseSpecification: key.choose((arn) => ({ SSEEnabled: true, SSEType: "KMS", KMSMasterKeyId: arn }), NOTHING),
  });
  table.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  table.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  return table;
}

/** CloudFormation's `AttributeName` is `attributeName` here. */
function decapitalised(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(decapitalised);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name.charAt(0).toLowerCase() + name.slice(1),
        decapitalised(member),
      ]),
    );
  }
  return value;
}
