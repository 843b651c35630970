import type { PolicyType, Statement } from './policy-model.ts';
import { childPlace, type Place, refuse } from './reading.ts';

type Has = (...names: string[]) => boolean;

/** Whose statements say who; the others speak of the principal that they are attached to. */
const NAMES_PRINCIPALS: ReadonlySet<PolicyType> = new Set(['resource', 'trust', 'rcp']);

/**
 * Refuses what this type of policy may not have, or has to and lacks.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function refuseForType(place: Place, statement: Statement, has: Has): void {
  const { type } = place;
  if (NAMES_PRINCIPALS.has(type)) requireElement(place, statement, has, 'Principal');
  else forbidElement(place, statement, has, 'Principal');
  if (type === 'trust') forbidElement(place, statement, has, 'Resource');
  // A resource's own policy may leave out which resource it is about, as those of ECR do.
  else if (type !== 'resource') requireElement(place, statement, has, 'Resource');
  if (statement.principals?.negated && statement.effect === 'Allow')
    refuseAllowOfNotPrincipal(place, statement);
  if (type === 'trust') refuseOtherThanSts(place, statement);
  if (type === 'rcp') refuseForRcp(place, statement);
}

function requireElement(place: Place, statement: Statement, has: Has, name: string): void {
  if (has(name, `Not${name}`)) return;
  refuse(childPlace(place, name), 'missing-element', statement.position);
}

function forbidElement(place: Place, statement: Statement, has: Has, name: 'Principal' | 'Resource'): void {
  const element = name === 'Principal' ? statement.principals : statement.resources;
  for (const written of [name, `Not${name}`]) {
    if (has(written)) {
      refuse(childPlace(place, written), 'element-not-of-this-type', element?.position ?? statement.position);
    }
  }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html */
function refuseAllowOfNotPrincipal(place: Place, { principals }: Statement): void {
  refuse(childPlace(place, 'NotPrincipal'), 'not-principal-with-allow', principals?.position);
}

/** IAM: "AssumeRole policy may only specify STS AssumeRole actions". */
function refuseOtherThanSts(place: Place, { actions }: Statement): void {
  for (const { text, position } of actions.items) {
    if (!/^sts:/i.test(text)) refuse(childPlace(place, 'Action'), 'bad-action', position);
  }
}

/**
 * A resource control policy only denies, and denies everyone: who is spared, its conditions say. The one that
 * allows is AWS's own RCPFullAWSAccess, which stands everywhere.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
 */
function refuseForRcp(place: Place, statement: Statement): void {
  const { effect, principals, actions, position } = statement;
  if (effect === 'Allow' && !allowsEverything(statement)) {
    refuse(childPlace(place, 'Effect'), 'effect-not-of-this-type', position);
  }
  if (actions.negated) refuse(childPlace(place, 'NotAction'), 'element-not-of-this-type', actions.position);
  else if (effect === 'Deny') {
    for (const { text, position: where } of actions.items) {
      if (text === '*') refuse(childPlace(place, 'Action'), 'bad-action', where);
    }
  }
  if (principals && (principals.negated || principals.items.some(({ kind }) => kind !== 'everyone'))) {
    refuse(childPlace(place, 'Principal'), 'bad-principal', principals.position);
  }
}

function allowsEverything({ actions, resources, conditions }: Statement): boolean {
  const isAll = (element: Statement['resources']): boolean =>
    element !== undefined && !element.negated && element.items.some(({ text }) => text === '*');
  return isAll(actions) && isAll(resources) && conditions.length === 0;
}
