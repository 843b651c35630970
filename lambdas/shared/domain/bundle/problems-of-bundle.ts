import type { ChangePart } from '../access-request.ts';
import { proposedPrincipal } from '../identity/proposed-principal.ts';
import { sharesTokensWith } from '../identity/sign-in/match-sign-in.ts';
import type { Principal } from '../principal.ts';
import { nameOfPart } from './bundle.ts';

/** What two principals cannot both call as. */
function sharedBy(left: Principal, right: Principal): string | undefined {
  if (left.awsPrincipals.some((arn) => right.awsPrincipals.includes(arn))) return 'AWS principal';
  if (left.slackUserId !== undefined && left.slackUserId === right.slackUserId) return 'Slack user';
  return sharesTokensWith(left, [right]) ? 'sign-in' : undefined;
}

/**
 * What is wrong with parts beside each other, though each alone may be well: one that is named twice, two principals
 * that would call as one. Names no value.
 */
export function problemsOfBundle(parts: readonly ChangePart[]): string[] {
  const names = parts.map(nameOfPart);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const principals = parts.flatMap((part) => proposedPrincipal(part) ?? []);
  const shared = principals.flatMap((left, index) =>
    principals.slice(index + 1).flatMap((right) => {
      const what = left.id === right.id ? undefined : sharedBy(left, right);
      return what === undefined ? [] : [`${left.id} and ${right.id} would have one ${what}`];
    }),
  );
  return [...[...twice].map((name) => `${name} is in it twice`), ...shared];
}
