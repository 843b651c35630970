import type { Change } from '../shared/domain/access-request.ts';
import { passkeysChanged } from '../shared/domain/approvals/passkey.ts';
import { asJson, digestOf } from '../shared/domain/digest.ts';
import { PolicyMissing, PrincipalSuspended, PrincipalUnknown } from '../shared/domain/errors.ts';
import { proposedPrincipal } from '../shared/domain/identity/proposed-principal.ts';
import { markOfTemplate } from '../shared/domain/people/template.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import type { Loaded, WorkflowState } from '../shared/domain/workflow-state.ts';
import { type RecallPorts, recallReview } from './recall-review.ts';

type Ports = RecallPorts & {
  principals: { get(id: string): Promise<Principal | undefined> };
  policies: { get(principalId: string): Promise<Policy | undefined> };
  /** Digests of the configuration that ships with the functions. */
  configDigests(): { catalog: string; guardrails: string; approvals: string };
};

/**
 * Loads who asks and by which rules, and pins the digests that every later step must still find.
 * Throws PrincipalUnknown, PrincipalSuspended or PolicyMissing, each of which ends as a denial.
 */
export function makeLoadPolicy({ principals, policies, configDigests, ...memory }: Ports) {
  return async ({ request }: Pick<WorkflowState, 'request'>): Promise<Loaded> => {
    const [principal, policy, target] = await Promise.all([
      principals.get(request.principalId),
      policies.get(request.principalId),
      request.change && request.change.kind !== 'template' && principals.get(request.change.target),
    ]);
    if (!principal) throw new PrincipalUnknown('no principal is registered under this id');
    if (principal.status !== 'active') throw new PrincipalSuspended('the principal is suspended');
    if (!policy) throw new PolicyMissing('the principal has no policy text; an admin must propose one');
    const loaded = {
      principal,
      policy: { text: policy.text, version: policy.version, digest: digestOf(policy.text) },
      digests: { principal: digestOf(principal), ...configDigests() },
    };
    const recalled = await recallReview(request, loaded, memory);
    return {
      ...loaded,
      ...(recalled && { recalled }),
      ...(request.change && { targetPersons: personsConcerned(request.change, target || undefined) }),
      ...(request.change &&
        request.change.kind !== 'policy' &&
        kindOfChange(request, request.change, target || undefined)),
    };
  };
}

/** Whom the door for tokens, the API and Slack take for a principal: whoever is one of them acts as it. */
function waysIn(principal: Principal | undefined): string {
  const { signIn = [], awsPrincipals = [], slackUserId = '' } = principal ?? {};
  return digestOf({ signIn, awsPrincipals, slackUserId });
}

const EVERY_BUT_PASSKEYS = { passkeys: undefined, version: 0 };

/** What a change of a principal, or of a template of principals, is about; a proposal that is none is refused later. */
function kindOfChange(
  { principalId }: WorkflowState['request'],
  change: Change,
  target: Principal | undefined,
): Pick<Loaded, 'changesSignIn' | 'ownPasskeys'> {
  if (change.kind === 'template') return { changesSignIn: true };
  const proposed = proposedPrincipal(change);
  const { enrolled, revoked } = passkeysChanged(target?.passkeys, proposed?.passkeys);
  const changesSignIn = enrolled.length > 0 || waysIn(target) !== waysIn(proposed);
  const isOwn = change.target === principalId && target?.version === change.baseVersion;
  if (!isOwn || !target || !proposed || enrolled.length + revoked.length === 0) return { changesSignIn };
  const rest = (principal: Principal) => digestOf(asJson({ ...principal, ...EVERY_BUT_PASSKEYS }));
  if (rest(proposed) !== rest(target)) return { changesSignIn };
  return { changesSignIn, ownPasskeys: enrolled.length > 0 ? 'enrols' : 'revokes' };
}

/** The persons a change is about: those its target is now, and those it would be; or everybody of a template. */
function personsConcerned(change: Change, target: Principal | undefined): string[] {
  if (change.kind === 'template') return [markOfTemplate(change.target)];
  return [...new Set([...(target?.persons ?? []), ...(proposedPrincipal(change)?.persons ?? [])])];
}
