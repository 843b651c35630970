import type { Replayed } from '../../gateway/replay/replay-exchange.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { RecordedCall } from './har-of.ts';
import type { Reconciled } from './reconcile-calls.ts';

/** Members that are named at most, where two answers differ. */
const MOST_NAMED = 5;

const few = (paths: readonly string[]): string =>
  `${paths.slice(0, MOST_NAMED).join(', ')}${paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : ''}`;

/** What became of one call that was made again, in a line. */
export function sayReplayed({ record }: RecordedCall, replayed: Replayed): string {
  const { service, operation, callId } = record.facts;
  const what = `${callId}  ${service}:${operation}`;
  if (replayed.outcome === 'skipped') return visibleText(`skipped    ${what}  ${replayed.because}`);
  if (replayed.outcome === 'same') return visibleText(`same       ${what}  HTTP ${replayed.status}`);
  const { status, missing, added } = replayed;
  const parts = [
    status[0] === status[1] ? `HTTP ${status[0]}` : `HTTP ${status[0]}, now ${status[1]}`,
    ...(missing.length > 0 ? [`without ${few(missing)}`] : []),
    ...(added.length > 0 ? [`with ${few(added)}`] : []),
  ];
  return visibleText(`different  ${what}  ${parts.join('; ')}`);
}

/** What CloudTrail has and no record has: each in a line, and all of it in one. */
export function sayReconciled({ calls, recorded, unrecorded }: Reconciled): string[] {
  const lines = unrecorded.map(({ call, why }) =>
    visibleText(
      `${call.at}  ${call.action}  ${call.resources.join(' ')}  by ${call.sessionName}  ${
        why === 'lost' ? 'perhaps a call whose outcome was lost' : 'NOT RECORDED'
      }  ${call.awsRequestId ?? '(no id)'}`,
    ),
  );
  return [...lines, `${calls} calls of the gateway’s sessions in CloudTrail, ${recorded} of them recorded.`];
}
