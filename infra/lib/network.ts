// The VPC the functions run in, if there is one: the company's subnets, and a security group of ours that opens nothing
// inwards and port 443 outwards. Names are resolved by the VPC's own resolver, which no security group stands before.

import { type IResolvable, type Stack } from "aws-cdk-lib";
import { type CfnPolicy } from "aws-cdk-lib/aws-iam";
import { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";

import { NOTHING, type Parameters, choice, when } from "./parameters.ts";

/** Where the functions are. */
export class Network {
  readonly #group: CfnSecurityGroup;
  /** The property of the functions that says so. */
  readonly config: IResolvable;

  constructor(stack: Stack, parameters: Parameters) {
    this.#group = new CfnSecurityGroup(stack, "Egress", {
      groupDescription: "Plumbline functions: HTTPS outwards, nothing inwards",
      vpcId: parameters.text("VpcId"),
      securityGroupEgress: [
        {
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIp: when(parameters.anyAddress, "0.0.0.0/0", NOTHING),
          destinationPrefixListId: when(parameters.anyAddress, NOTHING, parameters.text("EgressPrefixListId")),
          description: "HTTPS",
        },
      ],
    });
    this.#group.cfnOptions.condition = parameters.inVpc;
    this.config = choice(
      parameters.inVpc,
      { SubnetIds: parameters.list("SubnetIds"), SecurityGroupIds: [this.#group.attrGroupId] },
      NOTHING,
    );
  }

  /** A function is made after its group, so its group is made after the right to join the VPC, which Lambda tries. */
  after(right: CfnPolicy): void {
    this.#group.addResourceDependency(right);
  }
}
