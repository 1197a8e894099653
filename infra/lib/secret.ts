// The secret with its four fields, empty. The company fills them in.

import { type Stack } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";

import { type Key } from "./key.ts";

/**
 * Never to be changed: CloudFormation writes the value again when this text changes, over what the company has put
 * there. As it is, the functions refuse to start and name what is empty.
 */
const PLACEHOLDER =
  '{"procore_client_id":"","procore_client_secret":"","webhook_authorization":[],"openai_api_key":""}';

/** The secret. */
export function secret(stack: Stack, key: Key): CfnSecret {
  return new CfnSecret(stack, "Secret", {
    description: "Plumbline: keys of Procore and of the model, and the values of the webhooks' Authorization header",
    secretString: PLACEHOLDER,
    kmsKeyId: key.arn,
  });
}
