// The parts of the template that say who may do what, what is open and what is encrypted, a line each. `security.txt`
// holds them as they were reviewed; a change of it is a change to look at twice.

import { line, rightsOfPrincipals, rightsOnResources, trusts } from "./rights.ts";
import { ofType, shown, template } from "./template.ts";

/** Properties that open or close something. */
const PROPERTIES: Record<string, string[]> = {
  "AWS::ApiGatewayV2::Api": ["ProtocolType", "CorsConfiguration", "DisableExecuteApiEndpoint"],
  "AWS::ApiGatewayV2::Route": ["RouteKey", "AuthorizationType", "Target"],
  "AWS::ApiGatewayV2::Stage": ["AccessLogSettings"],
  "AWS::DynamoDB::Table": [
    "SSESpecification",
    "DeletionProtectionEnabled",
    "PointInTimeRecoverySpecification",
    "ResourcePolicy",
    "StreamSpecification",
  ],
  "AWS::EC2::SecurityGroup": ["SecurityGroupIngress", "SecurityGroupEgress"],
  "AWS::KMS::Key": ["EnableKeyRotation", "PendingWindowInDays"],
  "AWS::Lambda::Function": ["Role", "VpcConfig", "Layers", "FileSystemConfigs"],
  "AWS::Lambda::Permission": ["Principal", "FunctionName", "SourceArn"],
  "AWS::Lambda::Url": ["AuthType"],
  "AWS::Logs::LogGroup": ["KmsKeyId"],
  "AWS::S3::Bucket": ["PublicAccessBlockConfiguration", "BucketEncryption", "OwnershipControls"],
  "AWS::SecretsManager::Secret": ["KmsKeyId"],
  "AWS::SNS::Subscription": ["Protocol", "Endpoint"],
  "AWS::SNS::Topic": ["KmsMasterKeyId"],
  "AWS::SQS::Queue": ["KmsMasterKeyId", "SqsManagedSseEnabled"],
};

/** All lines, by part. */
export function security(): string {
  const surfaces = Object.entries(PROPERTIES).flatMap(([type, names]) =>
    ofType(type).map(([id, properties]) => {
      const told = names
        .filter((name) => properties[name] !== undefined)
        .map((name) => `${name} ${shown(properties[name])}`);
      return `${id}: ${told.join("; ")}`;
    }),
  );
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(template.Resources)) {
    counts.set(Type, (counts.get(Type) ?? 0) + 1);
  }
  const parts: Record<string, string[]> = {
    "What roles and people may do": rightsOfPrincipals().map(line),
    "What resources allow and refuse": rightsOnResources().map(line),
    "Who becomes a role": trusts().map(line),
    "What is open, what is encrypted": surfaces,
    "What outlives the stack": Object.entries(template.Resources)
      .filter(([, resource]) => resource.DeletionPolicy === "Retain")
      .map(([id]) => id),
    "What there is": [...counts].map(([type, count]) => `${type} ${count}`),
  };
  return Object.entries(parts)
    .map(([part, lines]) => `# ${part}\n\n${lines.sort().join("\n")}\n`)
    .join("\n");
}
