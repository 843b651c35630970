import type { z } from 'zod';
import type { gatewaySessionSchema } from '../../lambdas/front-door/gateway-session-view.ts';
import type { CallRecord, ObservedRules } from '../../lambdas/shared/domain/audit/call-record.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';

/** One session of the gateway, in a line. */
export function describeGatewaySession(session: z.infer<typeof gatewaySessionSchema>): string {
  const { sessionId, open, endsAt, ended, reason, subject } = session;
  const state = ended ? `ended by ${ended.by}` : open ? `open until ${endsAt}` : `over since ${endsAt}`;
  const forWhom = subject ? `, for ${visibleText(subject.id)}` : '';
  return `${sessionId}  ${state}${forWhom}  ${visibleText(reason ?? '(without a reason)')}`;
}

const sayObserved = ({ would, rules }: ObservedRules): string =>
  `[observed, not enforced: ${would}${rules.length > 0 ? ` (${rules.join(', ')})` : ''}]`;

/** One record of a call, in a line. Names and reasons are others' text. */
export function describeCall(record: CallRecord): string {
  const { event, facts } = record;
  const {
    service,
    operation,
    needs = [],
    because,
    httpStatus,
    milliseconds,
    requestId,
    approval,
    observed,
  } = facts;
  const what = service === undefined ? '' : ` ${service}:${operation}`;
  const where = needs.map(({ resource }) => resource).join(' ');
  const how = [
    httpStatus === undefined ? '' : `HTTP ${httpStatus}`,
    because ?? '',
    event === 'outcome' && milliseconds !== undefined ? `${Math.round(milliseconds)} ms` : '',
    requestId === undefined ? '' : `by ${requestId}`,
    event === 'intent' && observed ? sayObserved(observed) : '',
    approval === undefined ? '' : `${event === 'held' ? 'people are asked' : 'approval'} ${approval}`,
  ].filter((text) => text !== '');
  return visibleText(
    [record.at, event.padEnd(7), what.trim(), where, how.join(', ')].filter((text) => text !== '').join('  '),
  );
}
