import type { ApprovalsConfig } from '../shared/domain/approvals/approvals-config.ts';
import { basisOf } from '../shared/domain/approvals/basis.ts';
import { isBreakGlass } from '../shared/domain/break-glass/is-break-glass.ts';
import { StandingChanged } from '../shared/domain/errors.ts';
import { onDuty } from '../shared/domain/outside/on-duty.ts';
import type { ReadOutside } from '../shared/domain/outside/outside-fact.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { Evidence, Vote } from '../shared/domain/vote.ts';
import { caughtSchema, type WorkflowState } from '../shared/domain/workflow-state.ts';
import { countableVotes } from './countable-votes.ts';
import { type ProvingPorts, proveVotes } from './prove-votes.ts';

type Ports = ProvingPorts & {
  approvals: {
    listVotes(requestId: string, proposalDigest: string): Promise<Vote[]>;
    /** Approvals given for a window on this very proposal of the principal, whether it is over or not. */
    listWindows(principalId: string, proposalDigest: string): Promise<Vote[]>;
  };
  principals: { get(id: string): Promise<Principal | undefined> };
  approvalsConfig(): ApprovalsConfig;
  readOutside: ReadOutside;
  clock: () => Date;
};

/**
 * Why the flow woke. Time is told by the clock, never by the token's content, which whoever can read a task
 * token could forge.
 */
function wakeOf({ wake, verdict }: WorkflowState, now: Date): Evidence['wake'] {
  const caught = caughtSchema.safeParse(wake);
  if (caught.data?.Error === 'ApprovalChannelUnavailable') return 'unreachable';
  if (verdict?.outcome !== 'needs_approval') return 'woken';
  const { deadline, remindAt, reminded } = verdict.approval;
  const next = !reminded && remindAt ? remindAt : deadline;
  return new Date(next) <= now ? 'timed_out' : 'woken';
}

/**
 * Reads the votes on the current proposal from the table, and everybody's standing anew. What a passkey is to prove is
 * verified here, of what was stored: nobody before decides that it is.
 */
export function makeTallyVotes({
  approvals,
  principals,
  approvalsConfig,
  readOutside,
  clock,
  ...proving
}: Ports) {
  return async (state: WorkflowState): Promise<Evidence> => {
    const { request, verdict, loaded } = state;
    if (!verdict || !loaded) throw new StandingChanged('there is no proposal that was voted on');
    const now = clock();
    const [cast, windows, requester, outside] = await Promise.all([
      approvals.listVotes(request.requestId, verdict.proposalDigest),
      // An approval of a call is used once, and each emergency is looked at: none was given for a window.
      request.call || isBreakGlass(request, loaded.principal)
        ? []
        : approvals.listWindows(request.principalId, verdict.proposalDigest),
      principals.get(request.principalId),
      readOutside({
        principal: loaded.principal,
        references: request.references,
        rotas: approvalsConfig().tiers.flatMap(({ onCall }) => onCall ?? []),
      }),
    ]);
    // A vote on the request itself outweighs what the same person said earlier, for a window.
    const votes = [...cast, ...windows];
    const ids = [...new Set(votes.map((vote) => vote.principalId))];
    const voters = new Map(await Promise.all(ids.map(async (id) => [id, await principals.get(id)] as const)));
    const proofs = await proveVotes(request.requestId, votes, voters, proving);
    return {
      wake: wakeOf(state, now),
      requesterActive: requester?.status === 'active',
      // Empty counts too: what was there when it was asked may have ended.
      ...((outside.length > 0 || loaded.outside) && { outside: outside }),
      ...countableVotes(votes, {
        requestId: request.requestId,
        voters,
        requester: requester ?? loaded.principal,
        concerned: loaded.targetPersons ?? [],
        ...(request.subject && { subject: request.subject }),
        approvals: approvalsConfig(),
        duty: onDuty(outside, requester ?? loaded.principal),
        basis: basisOf(loaded),
        proofs,
        now,
      }),
    };
  };
}
