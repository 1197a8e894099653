// The parameters in the template, and the conditions that hang on them. A value is known only when the template is
// deployed; nothing here reads one.

import { CfnCondition, CfnParameter, Fn, type IResolvable, type Stack, Token } from "aws-cdk-lib";

import { type Choice, GROUPS, type Name } from "./choices.ts";

/** Decisions that change which resources there are, or how they are joined. */
const CONDITIONS = {
  CdkBucket: { is: "ArtifactsBucket", value: "" },
  OwnKey: { is: "CustomerKey", value: "create" },
  OwnTopic: { is: "AlarmTopicArn", value: "" },
  NoVpc: { is: "VpcId", value: "" },
  AnyAddress: { is: "EgressPrefixListId", value: "" },
  NoReservation: { is: "IngestReservedConcurrency", value: "0" },
  NoEmail: { is: "AlarmEmail", value: "" },
  NoBudget: { is: "MonthlyBudgetUsd", value: "0" },
  NoProcoreApiUrl: { is: "ProcoreApiUrl", value: "" },
  NoProcoreLoginUrl: { is: "ProcoreLoginUrl", value: "" },
  NoOpenAiBaseUrl: { is: "OpenAiBaseUrl", value: "" },
  NoCollector: { is: "OtlpEndpoint", value: "" },
} satisfies Record<string, { is: Name; value: string }>;

/** The template's parameters and the conditions that hang on them. */
export class Parameters {
  readonly #parameters = new Map<Name, CfnParameter>();
  readonly #conditions = new Map<keyof typeof CONDITIONS, CfnCondition>();
  /** The customer's key is wanted. */
  readonly ownKey: CfnCondition;
  /** The alarm topic is ours. */
  readonly ownTopic: CfnCondition;
  /** The functions run in a VPC. */
  readonly inVpc: CfnCondition;
  /** Connections may go anywhere. */
  readonly anyAddress: CfnCondition;
  /** Somebody is to be subscribed to the topic. */
  readonly emailed: CfnCondition;
  /** There is a monthly budget. */
  readonly budgeted: CfnCondition;

  /** `architecture` is what the packages at hand were built for. */
  constructor(stack: Stack, architecture: string) {
    for (const choices of Object.values(GROUPS)) {
      for (const [name, choice] of Object.entries<Choice>(choices)) {
        const props = name === "Architecture" ? { ...choice, default: architecture } : choice;
        this.#parameters.set(name as Name, new CfnParameter(stack, name, props));
      }
    }
    stack.templateOptions.metadata = {
      "AWS::CloudFormation::Interface": {
        ParameterGroups: Object.entries(GROUPS).map(([group, choices]) => ({
          Label: { default: group },
          Parameters: Object.keys(choices),
        })),
      },
    };
    for (const [name, { is, value }] of Object.entries(CONDITIONS)) {
      const condition = new CfnCondition(stack, name, { expression: Fn.conditionEquals(this.text(is), value) });
      this.#conditions.set(name as keyof typeof CONDITIONS, condition);
    }
    const also = (name: string, expression: CfnCondition["expression"]) =>
      new CfnCondition(stack, name, { expression });
    const not = (name: keyof typeof CONDITIONS) => Fn.conditionNot(this.#condition(name));
    this.ownKey = this.#condition("OwnKey");
    this.ownTopic = this.#condition("OwnTopic");
    this.inVpc = also("InVpc", not("NoVpc"));
    this.anyAddress = this.#condition("AnyAddress");
    this.emailed = also("Emailed", Fn.conditionAnd(this.#condition("OwnTopic"), not("NoEmail")));
    this.budgeted = also("Budgeted", not("NoBudget"));
  }

  /** The value of a parameter, as text. */
  text(name: Name): string {
    return this.#parameter(name).valueAsString;
  }

  /** The value of a parameter, as a number. */
  number(name: Name): number {
    return this.#parameter(name).valueAsNumber;
  }

  /** The value of a parameter, as a list. */
  list(name: Name): string[] {
    return this.#parameter(name).valueAsList;
  }

  /** The value of a parameter; no property at all where `condition` says that none is wanted. */
  unless(condition: keyof typeof CONDITIONS, name: Name): string {
    return when(this.#condition(condition), NOTHING, this.text(name));
  }

  /** The same for a number. */
  numberUnless(condition: keyof typeof CONDITIONS, name: Name): number {
    return Token.asNumber(choice(this.#condition(condition), NOTHING, this.number(name)));
  }

  /** The value of a parameter; `otherwise` where it is empty. */
  or(condition: keyof typeof CONDITIONS, name: Name, otherwise: string): string {
    return when(this.#condition(condition), otherwise, this.text(name));
  }

  #condition(name: keyof typeof CONDITIONS): CfnCondition {
    return this.#conditions.get(name) as CfnCondition;
  }

  #parameter(name: Name): CfnParameter {
    return this.#parameters.get(name) as CfnParameter;
  }
}

/** Takes the property away. */
export const NOTHING = Fn.ref("AWS::NoValue");

/** One of two values, by a condition of the template. */
export function when(condition: CfnCondition, then: unknown, otherwise: unknown): string {
  return Token.asString(choice(condition, then, otherwise));
}

/** The same where a property is no text. */
export function choice(condition: CfnCondition, then: unknown, otherwise: unknown): IResolvable {
  return Fn.conditionIf(condition.logicalId, then, otherwise);
}
