import type { Policy } from '../parse/policy-model.ts';
import type { KnownActions } from '../prove/known-actions.ts';
import { makeReference, prove, type UnknownCode } from '../prove/prove.ts';
import type { ShownRequest } from '../prove/shown-request.ts';
import { nothing } from '../questions/satisfiable.ts';

/** How what is deployed lies to what was committed. */
export type Drift =
  | { readonly verdict: 'same' }
  /** It allows more; the request shows it. */
  | { readonly verdict: 'wider'; readonly more: ShownRequest }
  | { readonly verdict: 'narrower'; readonly less: ShownRequest }
  /** It allows what was not committed, and does not allow what was. */
  | { readonly verdict: 'incomparable'; readonly more: ShownRequest; readonly less: ShownRequest }
  /** One of the two could not be decided; the other may have been. */
  | { readonly verdict: 'unknown'; readonly why: UnknownCode; readonly more?: ShownRequest };

/** Compares two policies in both directions, by proof: how they are written does not count. */
export const comparePolicies = (deployed: Policy, committed: Policy, known?: KnownActions): Drift =>
  compareSets([deployed], [committed], known);

/** The same of all the policies that somebody has. */
export function compareSets(
  deployed: readonly Policy[],
  committed: readonly Policy[],
  known?: KnownActions,
): Drift {
  const ask = (first: readonly Policy[], other: readonly Policy[]) =>
    prove([orNothing(first)], makeReference([orNothing(other)]), known ? { known } : {});
  const up = ask(deployed, committed);
  const down = ask(committed, deployed);
  if (up.verdict === 'unknown') return { verdict: 'unknown', why: up.why };
  if (down.verdict === 'unknown')
    return { verdict: 'unknown', why: down.why, ...(up.verdict === 'wider' && { more: up.request }) };
  if (up.verdict === 'wider' && down.verdict === 'wider')
    return { verdict: 'incomparable', more: up.request, less: down.request };
  if (up.verdict === 'wider') return { verdict: 'wider', more: up.request };
  return down.verdict === 'wider' ? { verdict: 'narrower', less: down.request } : { verdict: 'same' };
}

/** The one direction that can be asked where what was committed leaves parts open, each taken for any text. */
export function compareWithOpen(
  deployed: readonly Policy[],
  committed: readonly Policy[],
  known?: KnownActions,
): Drift | { readonly verdict: 'within' } {
  const up = prove([orNothing(deployed)], makeReference([orNothing(committed)]), known ? { known } : {});
  if (up.verdict === 'within') return { verdict: 'within' };
  return up.verdict === 'unknown'
    ? { verdict: 'unknown', why: up.why }
    : { verdict: 'wider', more: up.request };
}

const orNothing = (policies: readonly Policy[]): readonly Policy[] =>
  policies.length > 0 ? policies : [nothing()];
