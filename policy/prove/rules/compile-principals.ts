import type { Element, Principal } from '../../parse/policy-model.ts';
import { makeGlob } from '../words/glob.ts';
import { MANY } from '../words/letters.ts';
import { EVERYTHING, makeShape, type Shape } from '../words/shape.ts';
import type { Leaning } from './approximate.ts';
import { ALL, type Choice, makeChoice } from './rule.ts';

/** A principal is one word: the kind it is named by, a colon, and its name. `*` in a text is a wildcard. */
const shapeOf = (text: string): Shape =>
  makeShape([makeGlob(text.split('').map((letter) => (letter === '*' ? MANY : letter)))]);
const exactly = (text: string): Shape => makeShape([makeGlob(text.split(''))]);

const ROLE = /^arn:([^:]*):iam::(\d*):role\/(?:.*\/)?([^/]+)$/;

/**
 * All that a principal element names: an account is all that is in it, a role is its sessions too.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function shapesOf(principal: Principal): Shape[] {
  switch (principal.kind) {
    case 'everyone':
      return [EVERYTHING];
    case 'account':
      return ['iam', 'sts'].map((service) => shapeOf(`AWS:arn:*:${service}::${principal.accountId}:*`));
    case 'arn': {
      const [, partition, account, name] = ROLE.exec(principal.arn) ?? [];
      const itself = exactly(`AWS:${principal.arn}`);
      if (name === undefined) return [itself];
      return [itself, shapeOf(`AWS:arn:${partition}:sts::${account}:assumed-role/${name}/*`)];
    }
    case 'deleted':
      return [];
    case 'service':
      return [exactly(`Service:${principal.name}`)];
    case 'federated':
      return [
        principal.provider === '*' ? shapeOf('Federated:*') : exactly(`Federated:${principal.provider}`),
      ];
    case 'canonical-user':
      return [exactly(`CanonicalUser:${principal.id}`)];
  }
}

/**
 * Who a statement is about: everyone where it names nobody, as in a policy of a role. Whom a Deny with NotPrincipal
 * spares depends on more than its list, so where it may lean wider it spares nobody.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function compilePrincipals(
  element: Element<Principal> | undefined,
  leaning: Leaning,
): { choice: Choice; isExact: boolean } {
  if (element === undefined) return { choice: ALL, isExact: true };
  const { negated, items } = element;
  if (!negated) return { choice: makeChoice(items.flatMap(shapesOf), false), isExact: true };
  if (leaning === 'wider') return { choice: ALL, isExact: false };
  return { choice: makeChoice(items.flatMap(shapesOf), true), isExact: false };
}
