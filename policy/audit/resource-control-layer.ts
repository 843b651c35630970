import { patternsMeet } from '../check/names/may-share.ts';
import type { Pattern, Policy, Statement } from '../parse/policy-model.ts';
import { ownPolicy } from '../questions/satisfiable.ts';

/**
 * Services whose resources they limit, by the prefixes of their actions. Of any other a denial does nothing.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
 */
const SERVICES = [
  'aoss',
  'cognito-identity',
  'cognito-idp',
  'dynamodb',
  'ecr',
  'kms',
  'logs',
  's3',
  'secretsmanager',
  'sqs',
  'sts',
] as const;

/** AWS attaches this one everywhere, and it cannot be taken away. */
const FULL_ACCESS = ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }], 'identity');

/**
 * Resource control policies as one layer over whatever is done with the account's resources: at whatever level one of them
 * denies something, it is denied, and none of them allows anything.
 */
export function resourceControlLayer(policies: readonly Policy[]): readonly (readonly Policy[])[] {
  const denying = policies
    .map((policy) => ({ ...policy, statements: policy.statements.flatMap(denialOf) }))
    .filter(({ statements }) => statements.length > 0);
  return denying.length === 0 ? [] : [[FULL_ACCESS, ...denying]];
}

function denialOf(statement: Statement): Statement[] {
  if (statement.effect !== 'Deny' || statement.actions.negated) return [];
  const items = statement.actions.items.flatMap(ofServices);
  return items.length === 0 ? [] : [{ ...statement, actions: { ...statement.actions, items } }];
}

/** An action or pattern of the services; one whose service is a pattern too, of each that it means. */
function ofServices(item: Pattern): Pattern[] {
  const [service = '', name = ''] = item.text.toLowerCase().split(':');
  const meant = SERVICES.filter((known) => patternsMeet(service, known));
  if (meant.length === 1 && meant[0] === service) return [item];
  const named = meant.map((known) => `${known}:${name}`);
  return named.length === 0
    ? []
    : ownPolicy([{ Effect: 'Allow', Action: named, Resource: '*' }]).statements.flatMap(
        ({ actions }) => actions.items,
      );
}
