// What a policy statement says, in few words: who may do what with which.

/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Allows actions on resources. Every statement has a name: reasons for wildcards are given by it. */
export function allow(
  Sid: string,
  Action: readonly string[],
  Resource: string | readonly string[],
  Condition?: Statement["Condition"],
): Statement {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) };
}

/** A policy of these statements. */
export function policy(statements: readonly Statement[]): object {
  return { Version: "2012-10-17", Statement: statements };
}
