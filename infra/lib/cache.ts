// The document cache: what was read from Procore and need not be read again for a while. Nothing in it is the only copy.

import { CfnDeletionPolicy, type Stack } from "aws-cdk-lib";
import { CfnBucket, CfnBucketPolicy } from "aws-cdk-lib/aws-s3";

import { type Key } from "./key.ts";
import { type Parameters } from "./parameters.ts";

/** Everything the functions keep lies below it. */
export const KEPT = "kept/";

/**
 * The bucket. It stays when the stack is deleted, because CloudFormation cannot delete a bucket with objects in it and
 * the deletion would fail; its objects end by themselves.
 */
export function cache(stack: Stack, parameters: Parameters, key: Key): CfnBucket {
  const bucket = new CfnBucket(stack, "Cache", {
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: "BucketOwnerEnforced" }] },
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        {
          bucketKeyEnabled: true,
          serverSideEncryptionByDefault: {
            sseAlgorithm: key.choose(() => "aws:kms", "AES256").toString(),
            kmsMasterKeyId: key.arn,
          },
        },
      ],
    },
    lifecycleConfiguration: {
      rules: [{ id: "Expire", status: "Enabled", prefix: KEPT, expirationInDays: parameters.number("CacheDays") }],
    },
  });
  bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  new CfnBucketPolicy(stack, "CacheTlsOnly", {
    bucket: bucket.ref,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  });
  return bucket;
}
