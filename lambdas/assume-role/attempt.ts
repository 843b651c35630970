import { IssueInDoubt } from '../shared/domain/errors.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import type { RowTransition } from '../shared/domain/row-transition.ts';
import type { Entitlement } from '../shared/domain/verdict.ts';
import type { ClaimedRow } from './check-grant.ts';

/** The one attempt to mint the session of a request. */
export type Attempt = {
  readonly attemptId: string;
  /** As its requester's verified calls wrote it: names and tags come from here, and not from the state. */
  readonly row: ClaimedRow;
  readonly entitlement: Entitlement;
  /** Its claim came with the request, and nobody waits in AwaitClaim: the row is READY from here on. */
  readonly claimedAhead: boolean;
};

export type AttemptPorts = {
  readonly requests: {
    get(requestId: string): Promise<RequestRow | undefined>;
    /** False where the row is not as the transition wants it. */
    transition(requestId: string, transition: RowTransition): Promise<boolean>;
  };
  readonly clock: () => Date;
};

/**
 * Marks the row as this attempt's, which consumes the grant's seal: whoever wrote the mark may ask STS, nobody else
 * ever. Throws IssueInDoubt where another attempt wrote it.
 */
export async function beginAttempt(
  { row: { requestId, claim }, attemptId, claimedAhead }: Attempt,
  ports: AttemptPorts,
): Promise<void> {
  const issuing = { attemptId, at: ports.clock().toISOString() };
  const marked = await ports.requests.transition(requestId, {
    ...(claimedAhead
      ? {
          from: ['PENDING', 'READY'],
          onlyIf: { absent: ['issuing'], equals: { 'claimAhead.thumbprint': claim.thumbprint } },
          set: { status: 'READY', claim, issuing },
        }
      : {
          from: ['READY'],
          onlyIf: { absent: ['issuing'], equals: { 'claim.thumbprint': claim.thumbprint } },
          set: { issuing },
        }),
  });
  if (!marked && !(await isMarked(requestId, attemptId, ports)))
    throw new IssueInDoubt('an earlier attempt may have minted a session; ask again');
}

/** Gives the attempt back: only where it is certain that STS minted nothing. */
export async function releaseAttempt(
  { row: { requestId }, attemptId }: Attempt,
  { requests }: Pick<AttemptPorts, 'requests'>,
): Promise<void> {
  await requests.transition(requestId, {
    from: ['READY'],
    onlyIf: { equals: { 'issuing.attemptId': attemptId } },
    remove: ['issuing'],
  });
}

/**
 * Whether the row waits for just this attempt, and holds just this session or none. A write whose answer was lost
 * is repeated by the SDK, and the repeat then fails the condition that the first one met: whose it was, the row
 * tells.
 */
export async function isMarked(
  requestId: string,
  attemptId: string,
  { requests }: Pick<AttemptPorts, 'requests'>,
  accessKeyId?: string,
): Promise<boolean> {
  const row = await requests.get(requestId);
  return (
    row?.status === 'READY' &&
    row.issuing?.attemptId === attemptId &&
    row.session?.accessKeyId === accessKeyId
  );
}
