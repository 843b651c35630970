import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { mayRevokeOthers } from '../shared/domain/revocation/may-revoke.ts';
import { type Answer, operation } from '../shared/http/operation.ts';
import { type LiveSessions, listSessionsSpec, liveSessionsSchema } from './record-specs.ts';

export type SessionPorts = {
  readonly requests: { live(now: Date): AsyncIterable<RequestRow> };
  /** The groups of all tiers: their active members may end sessions. */
  readonly approverGroups: () => readonly string[];
  readonly clock: () => Date;
};

const MOST_LISTED = 200;

function viewOf({
  requestId,
  principalId,
  subject,
  reason,
  decision,
  gateway,
  session,
  liveUntil,
}: RequestRow): LiveSessions['sessions'][number] {
  return {
    requestId,
    principalId,
    ...(subject && { subject }),
    reason,
    grants: decision?.entitlement?.grants ?? [],
    issuedTo: gateway ? 'gateway' : 'caller',
    expiration: session?.expiration ?? liveUntil ?? '',
  };
}

export const listSessions = operation({
  ...listSessionsSpec,
  async run({ caller }, { requests, approverGroups, clock }: SessionPorts): Promise<Answer> {
    const mayEndOthers = mayRevokeOthers(caller, approverGroups());
    const seesAll = mayEndOthers || isAuditor(caller);
    const sessions: LiveSessions['sessions'] = [];
    let complete = true;
    for await (const row of requests.live(clock())) {
      if (!seesAll && (row.principalId !== caller.id || row.subject)) continue;
      complete = sessions.length < MOST_LISTED;
      if (!complete) break;
      sessions.push(viewOf(row));
    }
    return { status: 200, body: liveSessionsSchema.parse({ sessions, mayEndOthers, complete }) };
  },
});
