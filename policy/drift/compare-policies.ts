import type { Policy } from '../parse/policy-model.ts';
import type { KnownActions } from '../prove/known-actions.ts';
import { makeReference, prove, type UnknownCode } from '../prove/prove.ts';
import type { ShownRequest } from '../prove/shown-request.ts';

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
export function comparePolicies(deployed: Policy, committed: Policy, known?: KnownActions): Drift {
  const ask = (first: Policy, other: Policy) =>
    prove([[first]], makeReference([[other]]), known ? { known } : {});
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
