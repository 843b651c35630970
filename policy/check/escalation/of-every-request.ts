import type { Policy } from '../../parse/policy-model.ts';
import type { PolicyLayers } from '../../prove/rules/compile-policies.ts';
import { ownPolicy } from '../../questions/satisfiable.ts';

/** No request is made before this: what ended earlier has ended. It is fixed, so that answers are the same every day. */
const SINCE = '2026-01-01T00:00:00Z';

/**
 * What holds of the keys that every request of a user or role carries, or of their values.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const ALWAYS: Readonly<Record<string, object>> = {
  'aws:currenttime': { DateGreaterThanEquals: { 'aws:CurrentTime': SINCE } },
  'aws:epochtime': { NumericGreaterThanEquals: { 'aws:EpochTime': String(Date.parse(SINCE) / 1000) } },
  'aws:multifactorauthage': { NumericGreaterThanEqualsIfExists: { 'aws:MultiFactorAuthAge': '0' } },
  'aws:principalaccount': { StringLike: { 'aws:PrincipalAccount': '????????????' } },
  'aws:principalarn': { ArnLike: { 'aws:PrincipalArn': ['arn:*:iam::*:*', 'arn:*:sts::*:*'] } },
  'aws:principalisawsservice': { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
  'aws:principaltype': {
    StringEquals: { 'aws:PrincipalType': ['Account', 'AssumedRole', 'FederatedUser', 'User'] },
  },
  'aws:userid': { StringLike: { 'aws:userid': '?*' } },
};

const made = new Map<string, readonly Policy[]>();

/** Requests of users and roles, as far as policies speak of what tells them from others: a layer a key. */
export function ofEveryRequest(layers: PolicyLayers): readonly (readonly Policy[])[] {
  const keys = layers
    .flat()
    .flatMap(({ statements }) => statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)));
  return [...new Set(keys)].flatMap((key) => {
    const Condition = ALWAYS[key];
    if (!Object.hasOwn(ALWAYS, key) || !Condition) return [];
    const layer = made.get(key) ?? [ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*', Condition }])];
    made.set(key, layer);
    return [layer];
  });
}
