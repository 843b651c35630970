import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { sayReason } from '../../lambdas/shared/domain/text/say-reason.ts';
import type { Verdict } from '../../lambdas/shared/domain/verdict.ts';
import type { Rulebook } from '../../lambdas/validate-decision/decision-case.ts';
import { validateDecision } from '../../lambdas/validate-decision/validate-decision.ts';
import type { RecordedRequest } from './read-recorded-requests.ts';

/** One request under two configurations: what it would get now, and what under the other one. */
export type Replayed = {
  readonly recorded: RecordedRequest;
  readonly inForce: string;
  readonly tried: string;
};

const sayAll = ({ reasons }: Verdict): string => reasons.map(sayReason).join('; ');

/** What a verdict comes to for whoever asked: at once, after whose votes, or why not. */
function inWords(verdict: Verdict): string {
  switch (verdict.outcome) {
    case 'grant':
      return `granted at once, for ${verdict.entitlement.durationSeconds / 60} minutes`;
    case 'needs_approval': {
      const { tier, quorum } = verdict.approval;
      const codes = quorum.stepUp > 0 ? `, ${quorum.stepUp} with a code` : '';
      return `asks ${quorum.approvals} of ${tier}${codes}`;
    }
    case 'retry_review':
      return `reviewed again: ${sayAll(verdict)}`;
    default:
      return `denied: ${sayAll(verdict)}`;
  }
}

/** The first verdict on a request, as its review was, by these rules, before anybody voted. */
function judge({ request, review, outside }: RecordedRequest, principal: Principal, rules: Rulebook): string {
  // What the rules are is what is tried here: they are pinned as they are.
  const digests = { principal: digestOf(principal), ...rules.digests };
  const loaded = {
    principal,
    policy: { text: '', version: 1, digest: digestOf('') },
    digests,
    ...(outside && { outside: [...outside] }),
  };
  return inWords(validateDecision({ request, review, loaded }, rules, new Date(request.createdAt)));
}

/**
 * Judges recorded requests again, by what is in force and by what is tried, with the principals as they are now: what
 * differs, differs by the configuration alone. Votes are asked for anew; who is no principal any more is left out.
 */
export function replayRequests(
  requests: readonly RecordedRequest[],
  principals: ReadonlyMap<string, Principal>,
  { inForce, tried }: { readonly inForce: Rulebook; readonly tried: Rulebook },
): { readonly replayed: readonly Replayed[]; readonly unknown: readonly string[] } {
  const replayed = requests.flatMap((recorded) => {
    const principal = principals.get(recorded.request.principalId);
    return principal
      ? [{ recorded, inForce: judge(recorded, principal, inForce), tried: judge(recorded, principal, tried) }]
      : [];
  });
  const unknown = requests.map(({ request }) => request.principalId).filter((id) => !principals.has(id));
  return { replayed, unknown: [...new Set(unknown)].sort() };
}
