import type { RequestView } from '../../../lambdas/front-door/request-views.ts';
import type { RequestStatus } from '../../../lambdas/shared/domain/access-request.ts';
import { nameOfChange } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { badge, type Html } from './pieces.ts';

const WORDS = {
  PENDING: ['Being reviewed', 'wait'],
  AWAITING_APPROVAL: ['Waiting for approval', 'wait'],
  READY: ['Ready to claim', 'ok'],
  ISSUED: ['Session live', 'ok'],
  APPLIED: ['Applied', 'ok'],
  ALLOWED: ['Call allowed', 'ok'],
  DENIED: ['Denied', 'no'],
  EXPIRED: ['Lapsed', 'off'],
  CANCELLED: ['Taken back', 'off'],
  FAILED: ['Failed', 'no'],
} as const satisfies Record<RequestStatus, readonly [string, 'ok' | 'no' | 'wait' | 'off']>;

type Seen = Pick<RequestView, 'status' | 'revocation' | 'session' | 'dryRun'>;

/** How a request stands, in words: a session that was ended is not one that lives. */
export function statusBadge({ status, revocation, session, dryRun }: Seen, now: Date): Html {
  if (revocation) return badge('Revoked', 'no');
  if (session && Date.parse(session.expiration) <= now.getTime()) return badge('Session over', 'off');
  if (dryRun && status === 'CANCELLED') return badge('Dry run', 'off');
  const [text, tone] = WORDS[status];
  return badge(text, tone);
}

/** Statuses for a choice. */
export const STATUSES = Object.entries(WORDS).map(([status, [text]]) => [status, text] as const);

/** What a request is about, in a line. */
export function aboutOf({ change, call, decision, reason }: RequestView): string {
  if (change) return `Change of ${nameOfChange(change)}`;
  if (call) return `Call ${call.service}:${call.operation}`;
  const grants = decision?.entitlement?.grants ?? [];
  return grants.length > 0 ? grants.map(({ resource }) => resource).join(', ') : reason;
}
