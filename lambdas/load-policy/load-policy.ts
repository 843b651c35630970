import type { ChangePart } from '../shared/domain/access-request.ts';
import type { Tier } from '../shared/domain/approvals/approvals-config.ts';
import { passkeysChanged } from '../shared/domain/approvals/passkey.ts';
import { partsOf } from '../shared/domain/bundle/bundle.ts';
import { leavesNoApprover } from '../shared/domain/bundle/leaves-no-approver.ts';
import { asJson, digestOf } from '../shared/domain/digest.ts';
import { PolicyMissing, PrincipalSuspended, PrincipalUnknown } from '../shared/domain/errors.ts';
import { proposedPrincipal } from '../shared/domain/identity/proposed-principal.ts';
import type { ReadOutside } from '../shared/domain/outside/outside-fact.ts';
import { markOfTemplate } from '../shared/domain/people/template.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import type { Loaded, WorkflowState } from '../shared/domain/workflow-state.ts';
import { type RecallPorts, recallReview } from './recall-review.ts';

type Ports = RecallPorts & {
  principals: { get(id: string): Promise<Principal | undefined>; all(): AsyncIterable<Principal> };
  policies: { get(principalId: string): Promise<Policy | undefined> };
  /** Digests of the configuration that ships with the functions. */
  configDigests(): { catalog: string; guardrails: string; approvals: string };
  tiers(): readonly Pick<Tier, 'approverGroup' | 'onCall'>[];
  /** What sources outside have signed, and is in force. */
  readOutside: ReadOutside;
};

/**
 * Loads who asks and by which rules, and pins the digests that every later step must still find.
 * Throws PrincipalUnknown, PrincipalSuspended or PolicyMissing, each of which ends as a denial.
 */
export function makeLoadPolicy({
  principals,
  policies,
  configDigests,
  tiers,
  readOutside,
  ...memory
}: Ports) {
  /** Whether a bundle would leave nobody who approves. Everybody is read for it, and for nothing else. */
  async function ofApprovers({ change }: Request): Promise<Pick<Loaded, 'leavesNoApprover'>> {
    if (change?.kind !== 'bundle') return {};
    const everybody = await Array.fromAsync(principals.all());
    return leavesNoApprover(everybody, partsOf(change) ?? [], tiers()) ? { leavesNoApprover: true } : {};
  }

  return async ({ request }: Pick<WorkflowState, 'request'>): Promise<Loaded> => {
    const [principal, policy, targets, approvers] = await Promise.all([
      principals.get(request.principalId),
      policies.get(request.principalId),
      loadTargets(request, principals),
      ofApprovers(request),
    ]);
    if (!principal) throw new PrincipalUnknown('no principal is registered under this id');
    if (principal.status !== 'active') throw new PrincipalSuspended('the principal is suspended');
    if (!policy) throw new PolicyMissing('the principal has no policy text; an admin must propose one');
    const loaded = {
      principal,
      policy: { text: policy.text, version: policy.version, digest: digestOf(policy.text) },
      digests: { principal: digestOf(principal), ...configDigests() },
    };
    const [recalled, outside] = await Promise.all([
      recallReview(request, loaded, memory),
      readOutside({
        principal,
        references: request.references,
        rotas: tiers().flatMap(({ onCall }) => onCall ?? []),
      }),
    ]);
    return {
      ...loaded,
      ...(recalled && { recalled }),
      ...(outside.length > 0 && { outside: outside }),
      ...(request.change && aboutChange(request, targets)),
      ...approvers,
    };
  };
}

/** Whom the door for tokens, the API and Slack take for a principal: whoever is one of them acts as it. */
function waysIn(principal: Principal | undefined): string {
  const { signIn = [], awsPrincipals = [], slackUserId = '' } = principal ?? {};
  return digestOf({ signIn, awsPrincipals, slackUserId });
}

type Request = WorkflowState['request'];

/** A part of a change, and the principal that it is about, as it is; undefined where there is none. */
type Target = { readonly part: ChangePart; readonly target: Principal | undefined };

const loadTargets = ({ change }: Request, principals: Pick<Ports['principals'], 'get'>): Promise<Target[]> =>
  Promise.all(
    ((change && partsOf(change)) ?? []).map(async (part) => ({
      part,
      target: part.kind === 'template' ? undefined : await principals.get(part.target),
    })),
  );

type AboutChange = Pick<Loaded, 'targetPersons' | 'changesSignIn' | 'keepsSignIn' | 'ownPasskeys'>;

/** Whom a change is about, and what it is to them: of a bundle, of all its parts. */
function aboutChange(request: Request, targets: readonly Target[]): AboutChange {
  const targetPersons = [...new Set(targets.flatMap(({ part, target }) => personsConcerned(part, target)))];
  const changed = targets.filter(({ part }) => part.kind !== 'policy');
  const kinds = changed.map(({ part, target }) => kindOfPart(request, part, target));
  const [only] = kinds;
  if (request.change?.kind !== 'bundle') return { targetPersons, ...only };
  const changesSignIn = kinds.some((kind) => kind.changesSignIn);
  const keepsSignIn = changesSignIn && kinds.some((kind) => !kind.changesSignIn);
  return { targetPersons, changesSignIn, ...(keepsSignIn && { keepsSignIn }) };
}

const EVERY_BUT_PASSKEYS = { passkeys: undefined, version: 0 };

/** What a change of a principal, or of a template of principals, is about; a proposal that is none is refused later. */
function kindOfPart(
  { principalId }: Request,
  part: ChangePart,
  target: Principal | undefined,
): Pick<Loaded, 'changesSignIn' | 'ownPasskeys'> {
  if (part.kind === 'template') return { changesSignIn: true };
  const proposed = proposedPrincipal(part);
  const { enrolled, revoked } = passkeysChanged(target?.passkeys, proposed?.passkeys);
  const changesSignIn = enrolled.length > 0 || waysIn(target) !== waysIn(proposed);
  const isOwn = part.target === principalId && target?.version === part.baseVersion;
  if (!isOwn || !target || !proposed || enrolled.length + revoked.length === 0) return { changesSignIn };
  const rest = (principal: Principal) => digestOf(asJson({ ...principal, ...EVERY_BUT_PASSKEYS }));
  if (rest(proposed) !== rest(target)) return { changesSignIn };
  return { changesSignIn, ownPasskeys: enrolled.length > 0 ? 'enrols' : 'revokes' };
}

/** The persons a part is about: those its target is now, and those it would be; or everybody of a template. */
function personsConcerned(part: ChangePart, target: Principal | undefined): string[] {
  if (part.kind === 'template') return [markOfTemplate(part.target)];
  return [...new Set([...(target?.persons ?? []), ...(proposedPrincipal(part)?.persons ?? [])])];
}
