import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { clockTime, dayAndTime } from './show-time.ts';

/** What ended a request that failed, for whoever asked: what broke is told to its operators. */
const FAILURES: Readonly<Record<string, string>> = {
  reviewer_unavailable: 'the reviewer could not be reached; ask again in a minute',
};

const endedBecause = ({ status, closedBecause }: RequestView): string | undefined => {
  if (closedBecause === undefined)
    return status === 'FAILED'
      ? 'something broke; nothing was given, and nothing counts against you'
      : undefined;
  const words = FAILURES[closedBecause];
  if (words) return `${words} (${closedBecause})`;
  return status === 'FAILED'
    ? `something broke, and nothing was given: ${closedBecause}; ask again`
    : closedBecause;
};

/** `GetItem, Query on bank_balances; …, for 900 s`. */
function opensOf({ decision }: RequestView): string | undefined {
  const { entitlement } = decision ?? {};
  if (!entitlement) return undefined;
  const grants = entitlement.grants.map(({ resource, actions }) => `${actions.join(', ')} on ${resource}`);
  return `${grants.join('; ')}, for ${entitlement.durationSeconds} s`;
}

/** What to do next with a request that is as it is. */
function nextOf({ requestId, status, claimBy, approval }: RequestView): string | undefined {
  switch (status) {
    case 'READY':
      return `postern claim ${requestId}${claimBy ? `   (by ${clockTime(claimBy)})` : ''}`;
    case 'AWAITING_APPROVAL':
      return `${approval?.tier ?? 'somebody'} is asked${approval ? ` until ${clockTime(approval.deadline)}` : ''}; look again with: postern status ${requestId}`;
    case 'ALLOWED':
      return 'repeat the call, unchanged, within 15 minutes: it works once';
    case 'PENDING':
      return `postern status ${requestId}`;
    default:
      return undefined;
  }
}

/** A request in a few lines. */
export function describeRequest(request: RequestView): string {
  const { requestId, status, reason, decision, dryRun, deniedBy, session, callback, call, job, references } =
    request;
  const ended = endedBecause(request);
  const opens = opensOf(request);
  const next = nextOf(request);
  const reasons = (decision?.reasons ?? []).map(({ code, detail }) => `  ${code}: ${visibleText(detail)}`);
  return [
    `${requestId}  ${dryRun ? `dry run: ${decision?.outcome ?? status}` : status}`,
    `  asked   ${visibleText(reason)}`,
    ...(job === undefined ? [] : [`  job     ${job}`]),
    ...(references ? [`  for     ${references.map(visibleText).join(', ')}`] : []),
    ...(call
      ? [
          `  calls   ${call.service}:${call.operation}, ${call.needs.map(({ on }) => visibleText(on)).join(', ')}`,
        ]
      : []),
    ...(opens ? [`  opens   ${opens}`] : []),
    ...reasons,
    ...(deniedBy ?? []).flatMap(({ by: voter, because }) =>
      because ? [`  ${voter} says: ${visibleText(because)}`] : [],
    ),
    ...(ended && (reasons.length === 0 || status === 'FAILED') ? [`  ended   ${visibleText(ended)}`] : []),
    ...(session ? [`  session ${session.assumedRoleArn}, until ${dayAndTime(session.expiration)}`] : []),
    ...(callback ? [`  calls   its workflow back: ${callback.status}`] : []),
    ...(next ? [`  next    ${next}`] : []),
  ].join('\n');
}

/** One line a request, newest first. */
export const listLine = ({ requestId, status, createdAt, reason }: RequestView): string =>
  `${requestId}  ${status.padEnd(17)}  ${dayAndTime(createdAt)}  ${visibleText(reason).slice(0, 60)}`;
