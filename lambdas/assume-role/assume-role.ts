import { randomUUID } from 'node:crypto';
import type { AuditLog } from '../shared/adapters/audit/audit-table.ts';
import type { Sealer } from '../shared/adapters/sessions/sealed-credentials.ts';
import type { Sessions } from '../shared/adapters/sessions/sessions.ts';
import type { RequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { digestOf } from '../shared/domain/digest.ts';
import {
  ClaimRefused,
  DependencyUnavailable,
  IssueInDoubt,
  RequestClosed,
  SealRefused,
  SessionPolicyTooLarge,
} from '../shared/domain/errors.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { sessionNameOf } from '../shared/domain/revocation/session-names.ts';
import {
  claimSchema,
  type Minted,
  mintedSchema,
  type RecipientKey,
  type WorkflowState,
  workflowStateSchema,
} from '../shared/domain/workflow-state.ts';
import { bytesOfGrant, checkRow, type PresentedGrant, presentedGrant } from './check-grant.ts';
import { checkStanding, type StandingPorts } from './check-standing.ts';

type Ports = StandingPorts & {
  requests: Pick<RequestsTable, 'get' | 'transition'>;
  audit: Pick<AuditLog, 'appendAll'>;
  sealKey: { verify(bytes: Uint8Array, mac: string): Promise<boolean> };
  sessions: Sessions;
  /** The sealer encrypts the credentials to the claim's key: the only form in which they leave this function. */
  sealerFor(key: RecipientKey): Promise<Sealer>;
  clock: () => Date;
};

/**
 * Mints the one session of a claimed grant, and leaves its credentials on the row, encrypted to the claim's
 * key. Answers what may be known of the session, never the credentials.
 *
 * Run again after it succeeded it answers the same session; run again after it may have succeeded it throws
 * IssueInDoubt, because a request gets one session or none.
 */
export function makeAssumeRole(ports: Ports) {
  return async (event: unknown): Promise<Minted> => {
    const state = workflowStateSchema.parse(event);
    const grant = await verifiedGrant(state, ports);
    const claim = claimSchema.safeParse(state.claim);
    if (!claim.success) throw new ClaimRefused('what completed the claim holds no key');
    const { requestId, principalId } = state.request;
    const [sealer, found] = await Promise.all([
      sealerOf(claim.data.recipientKey, ports),
      ports.requests.get(requestId),
    ]);
    const { thumbprint } = sealer;
    const row = checkRow(found, principalId, thumbprint);
    if (row.session) return mintedSchema.parse(row.session);
    await checkStanding(state, ports);

    const attemptId = randomUUID();
    const mine = await ports.requests.transition(requestId, {
      from: ['READY'],
      onlyIf: { absent: ['issuing'], equals: { 'claim.thumbprint': thumbprint } },
      set: { issuing: { attemptId, at: ports.clock().toISOString() } },
    });
    if (!mine && !(await isOurs(requestId, attemptId, ports)))
      throw new IssueInDoubt('an earlier attempt may have minted a session; ask again');
    return mint(row, grant, sealer, attemptId, ports);
  };
}

/**
 * Whether the row waits for just this attempt. A write whose answer was lost is repeated by the SDK, and the repeat
 * then fails the condition that the first one met: whose it was, the row tells.
 */
async function isOurs(
  requestId: string,
  attemptId: string,
  { requests }: Ports,
  accessKeyId?: string,
): Promise<boolean> {
  const row = await requests.get(requestId);
  return (
    row?.status === 'READY' &&
    row.issuing?.attemptId === attemptId &&
    row.session?.accessKeyId === accessKeyId
  );
}

async function sealerOf(key: RecipientKey, ports: Ports): Promise<Sealer> {
  try {
    return await ports.sealerFor(key);
  } catch {
    throw new ClaimRefused('what completed the claim holds a key that nothing can be sealed to');
  }
}

async function verifiedGrant(state: WorkflowState, ports: Ports): Promise<PresentedGrant> {
  const grant = presentedGrant(state);
  if (new Date(grant.seal.expiresAt) <= ports.clock())
    throw new SealRefused('the seal has expired; ask again');
  const genuine = await ports.sealKey.verify(bytesOfGrant(state, grant), grant.seal.mac);
  if (!genuine) throw new SealRefused('the seal is not over this grant');
  return grant;
}

/** Names and tags come from the row, which its requester's verified call wrote, not from the state. */
async function mint(
  row: RequestRow,
  { entitlement }: PresentedGrant,
  sealer: Sealer,
  attemptId: string,
  ports: Ports,
): Promise<Minted> {
  const { requestId, principalId, subject } = row;
  /** Gives the attempt back: only where it is certain that STS minted nothing. */
  const release = () =>
    ports.requests.transition(requestId, {
      from: ['READY'],
      onlyIf: { equals: { 'issuing.attemptId': attemptId } },
      remove: ['issuing'],
    });
  const sessionName = sessionNameOf(requestId);
  const { claimedAt, thumbprint } = row.claim ?? {};
  try {
    const common = { chain: principalId, requestId };
    await ports.audit.appendAll([
      {
        ...common,
        event: 'claimed',
        ...(thumbprint && { occurrence: thumbprint }),
        facts: { claimedAt, thumbprint },
      },
      {
        ...common,
        event: 'issuing',
        occurrence: attemptId,
        facts: { entitlement, sessionName, sessionPolicyDigest: digestOf(entitlement.sessionPolicy) },
      },
    ]);
  } catch (error) {
    await release();
    throw error;
  }
  const answer = await ports.sessions.mint({
    roleArn: entitlement.roleArn,
    sessionName,
    sourceIdentity: principalId,
    sessionPolicy: entitlement.sessionPolicy,
    durationSeconds: entitlement.durationSeconds,
    tags: {
      'postern:request-id': requestId,
      'postern:principal': principalId,
      ...(subject && { 'postern:subject': subject.id }),
    },
  });
  if (answer.kind !== 'minted') {
    await release();
    if (answer.kind === 'too_large')
      throw new SessionPolicyTooLarge(`STS: ${answer.code}; ask for less at once`);
    throw new DependencyUnavailable(`STS: ${answer.code}`);
  }
  const { credentials, assumedRoleArn, assumedRoleId } = answer;
  const minted: Minted = {
    roleArn: entitlement.roleArn,
    assumedRoleArn,
    assumedRoleId,
    accessKeyId: credentials.accessKeyId,
    expiration: credentials.expiration,
    sessionName,
    sourceIdentity: principalId,
  };
  const sealed = await sealer.seal({ ...credentials, assumedRoleArn }, requestId);
  const kept = await ports.requests.transition(requestId, {
    from: ['READY'],
    onlyIf: { absent: ['session'], equals: { 'issuing.attemptId': attemptId } },
    set: { session: { ...minted, sealed } },
  });
  if (!kept && !(await isOurs(requestId, attemptId, ports, minted.accessKeyId)))
    throw new RequestClosed('the request was closed while its session was minted');
  return minted;
}
