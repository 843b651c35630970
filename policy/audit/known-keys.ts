import { conditionHolds } from '../evaluate/condition-holds.ts';
import { type RequestContext, requestContext } from '../evaluate/request-context.ts';
import type { Condition, Policy, Statement } from '../parse/policy-model.ts';

const ACCOUNT = 4;

/**
 * The condition keys that every request of a user or role carries with the same values, whatever it asks for.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function knownKeys(arn: string): RequestContext {
  const [, kind, name] = /:(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return requestContext({
    'aws:PrincipalArn': arn,
    'aws:PrincipalAccount': arn.split(':')[ACCOUNT] ?? '',
    'aws:PrincipalIsAWSService': 'false',
    ...(kind && { 'aws:PrincipalType': kind === 'user' ? 'User' : 'AssumedRole' }),
    ...(kind === 'user' && name && { 'aws:username': name }),
  });
}

const isKnown = ({ key, values }: Condition, keys: RequestContext): boolean =>
  keys.has(key) && values.every(({ parts }) => parts.every(({ kind }) => kind !== 'variable'));

/** A statement as it is for requests with these keys: what holds of them is left out; undefined where something does not. */
export function statementFor(statement: Statement, keys: RequestContext): Statement | undefined {
  const { conditions } = statement;
  const known = conditions.filter((condition) => isKnown(condition, keys));
  if (known.length === 0) return statement;
  if (!known.every((condition) => conditionHolds(condition, keys))) return undefined;
  return { ...statement, conditions: conditions.filter((condition) => !known.includes(condition)) };
}

/** A policy as it is for requests with these keys; itself where it names none of them. */
export function policyFor(policy: Policy, keys: RequestContext): Policy {
  const statements = policy.statements.flatMap((statement) => statementFor(statement, keys) ?? []);
  const isSame =
    statements.length === policy.statements.length &&
    statements.every((statement, nth) => statement === policy.statements[nth]);
  return isSame ? policy : { ...policy, statements };
}
